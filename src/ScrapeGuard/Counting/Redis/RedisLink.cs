using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// The connection to Redis, with a circuit before it and a probe in the background. Nothing here throws at a request or makes it wait longer than
/// <see cref="RedisOptions.Timeout"/>.
/// </summary>
internal sealed class RedisLink : ISharedState, IAsyncDisposable
{
    /// <summary>The layout of what nodes share, a part of every key: nodes with another layout share nothing with these.</summary>
    public const string LayoutVersion = "1";

    /// <summary>Every command is sent once, and to a server that takes writes.</summary>
    public const CommandFlags WriteOnce = CommandFlags.CommandRetryNever | CommandFlags.DemandMaster;

    /// <summary>The hash tag of all that blocks are stored and told under.</summary>
    public const string BlocksTag = "{blocks}";

    // What Redis lost, or what somebody put back into it, is mended by whoever knows better.
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ProbeWhileConnected = TimeSpan.FromSeconds(5);

    private readonly RedisConnection connection;
    private readonly RedisCircuit circuit;
    private readonly RedisCommands commands;
    private readonly RedisProbe probe;
    private readonly GuardClock clock;
    private readonly ILogger<RedisLink> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private Task probing = Task.CompletedTask;
    private int isUnread = 1;
    private int isDisposed;
    private long readAt;

    public RedisLink(RedisOptions options, GuardClock clock, GuardMetrics metrics, ILogger<RedisLink> logger, params IReadOnlyCollection<string> keys)
    {
        Timeout = options.Timeout;
        Roster = new NodeRoster(logger, keys);
        probe = new RedisProbe(options, clock, metrics, Roster);
        connection = new RedisConnection(options, clock.Time) { OnRestored = AskAgain, OnChanged = ReadAgain };
        this.clock = clock;
        this.logger = logger;
        circuit = new RedisCircuit(clock.Time, logger);
        commands = new RedisCommands(Timeout, circuit, clock, metrics, Wake);
        metrics.ObserveRedisLag(() => LagSeconds);
    }

    public TimeSpan Timeout { get; }

    /// <summary>The nodes that share this Redis.</summary>
    public NodeRoster Roster { get; }

    /// <summary>Called when a server answers that is another than before, or was started anew: it may lack what was told last.</summary>
    public Action? OnOtherServer { get; set; }

    /// <summary>Called with the time since when nodes have shared this Redis without a long break.</summary>
    public Action<long>? OnShared { get; set; }

    public bool IsAvailable => circuit.IsClosed;

    public string State => circuit.State;

    /// <summary>Whether keys of one script have to share a hash tag.</summary>
    public bool IsCluster { get; private set; }

    /// <summary>Whether messages stay on the shard of their channel.</summary>
    public bool IsSharded { get; private set; }

    public double LagSeconds => commands.LagSeconds;

    public int Nodes => Roster.Count(clock.Now);

    public int NodesApart => Roster.Apart(clock.Now);

    public int SilentNodes => Roster.Silent(clock.Now);

    public DateTimeOffset? LostAt => Roster.LostAt == 0 ? null : GuardClock.At(Roster.LostAt);

    public int MissingNodes(long since, bool isCurrent)
    {
        var missing = Roster.Missing(since, clock.Now);
        return isCurrent && circuit.IsClosed ? missing : Math.Max(missing, Roster.Others());
    }

    /// <summary>Reads what the nodes share besides counts; false where it has to be tried again. Called whenever some of it may have been missed.</summary>
    public Func<ConnectionMultiplexer, Task<bool>>? OnConnected { get; set; }

    /// <summary>Has everything read again now, or when Redis is back.</summary>
    public void ReadAgain()
    {
        Volatile.Write(ref isUnread, 1);
        if (circuit.IsClosed)
            Wake();
    }

    public Task StartAsync()
    {
        connection.Warn(logger);
        probing = ProbeAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        if (!stopping.IsCancellationRequested)
            await stopping.CancelAsync();
        await probing;
    }

    /// <summary>Tells the other nodes that this one stops and has told all it counted.</summary>
    public async ValueTask SayGoodByeAsync()
    {
        // The next probe would say that this node is there.
        await StopAsync();
        await AskAsync(probe, static (database, probe) => probe.SayGoodByeAsync(database), Timeout);
    }

    /// <summary>Sends one command and waits for its answer: null where it failed, took longer than the patience, or the circuit is open.</summary>
    public ValueTask<RedisResult?> AskAsync<T>(T state, Func<IDatabase, T, Task<RedisResult>> send, TimeSpan patience) => commands.AskAsync(state, send, patience);

    /// <summary>Runs a script and waits for its answer in the same way.</summary>
    public ValueTask<RedisResult?> RunAsync(RedisScript script, ScriptCall call, TimeSpan patience) => commands.RunAsync(script, call, patience);

    /// <summary>
    /// Runs a script several times at once and waits for the answers: null for those that failed or took longer than the patience; null altogether while the
    /// circuit is open.
    /// </summary>
    public ValueTask<RedisResult?[]?> RunAllAsync(RedisScript script, ScriptCall[] calls, TimeSpan patience) => commands.RunAllAsync(script, calls, patience);

    /// <summary>Sends a command without waiting; what becomes of it shows in the metrics.</summary>
    public void Send(Func<IDatabase, Task<RedisResult>> send) => commands.Send(send);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        circuit.Stop();
        commands.Database = null;
        await connection.CloseAsync();
        if (Interlocked.Exchange(ref isDisposed, 1) != 0)
            return;
        stopping.Dispose();
        wake.Dispose();
    }

    private async Task ProbeAsync()
    {
        try
        {
            await Task.Yield();
            while (!stopping.IsCancellationRequested)
            {
                await ProbeOnceAsync();
                var isCalm = circuit.IsClosed && !circuit.IsDoubtful && Volatile.Read(ref isUnread) == 0;
                await WaitAsync(isCalm ? ProbeWhileConnected : circuit.Pause);

                // Woken because the circuit has just opened: Redis may still answer the probe, and the pause is what keeps it from flapping.
                if (isCalm && !circuit.IsClosed)
                    await WaitAsync(circuit.Pause);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The portal stops.
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The probe goes on whatever Redis answers.")]
    private async Task ProbeOnceAsync()
    {
        try
        {
            var multiplexer = await connection.OpenAsync(stopping.Token);
            commands.Database = multiplexer.GetDatabase();
            await MeasureAsync(multiplexer);
            if (!circuit.IsClosed)
                await CloseAsync(multiplexer);
            if (clock.Time.GetElapsedTime(readAt) >= ReadEvery)
                Volatile.Write(ref isUnread, 1);
            if (Interlocked.Exchange(ref isUnread, 0) == 0 || OnConnected is not { } read)
                return;
            readAt = clock.Time.GetTimestamp();
            if (!await read(multiplexer))
                Volatile.Write(ref isUnread, 1);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            commands.Failed(exception.Message);
            if (IsCluster)
                connection.Refresh(commands.Failed);
        }
    }

    private async Task CloseAsync(ConnectionMultiplexer multiplexer)
    {
        Volatile.Write(ref isUnread, 1);
        circuit.Close();
        await RedisWarnings.OfEvictionAsync(multiplexer, logger);
    }

    private async Task MeasureAsync(ConnectionMultiplexer multiplexer)
    {
        var servers = multiplexer.GetServers();
        IsCluster = servers.Any(server => server.ServerType == ServerType.Cluster);
        IsSharded = IsCluster && servers.All(server => !server.IsConnected || server.Features.ShardedPubSub);
        var isAnother = await probe.MeasureAsync(multiplexer.GetDatabase(), IsCluster, stopping.Token);
        commands.Succeeded();
        OnShared?.Invoke(probe.Since);
        if (isAnother)
            OnOtherServer?.Invoke();
    }

    private async Task WaitAsync(TimeSpan time)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        var woken = wake.WaitAsync(either.Token);
        await Task.WhenAny(woken, Task.Delay(time, clock.Time, either.Token));
        await either.CancelAsync();
        stopping.Token.ThrowIfCancellationRequested();
    }

    /// <summary>A connection that is new is no server that flaps: it is tried at once.</summary>
    private void AskAgain()
    {
        Volatile.Write(ref isUnread, 1);
        Wake();
    }

    private void Wake()
    {
        if (wake.CurrentCount > 0)
            return;
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it already.
        }
    }
}
