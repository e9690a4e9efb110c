using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// The connection to Redis and the circuit before it. Nothing here throws at a request or makes it wait longer than <see cref="RedisOptions.Timeout"/>: after
/// a few failures in a row the circuit opens and nobody waits any more, until a probe in the background has got an answer.
/// </summary>
internal sealed class RedisLink : ISharedState, IAsyncDisposable
{
    /// <summary>Failures in a row that open the circuit.</summary>
    public const int MostFailures = 3;

    /// <summary>Every command is sent once, and to a server that takes writes.</summary>
    public const CommandFlags WriteOnce = CommandFlags.CommandRetryNever | CommandFlags.DemandMaster;

    private static readonly string ProbeScript = EmbeddedScript.Read("probe.lua");
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceToConnect = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeWhileAway = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ProbeWhileConnected = TimeSpan.FromSeconds(5);

    private readonly ConfigurationOptions configuration;
    private readonly GuardClock clock;
    private readonly GuardMetrics metrics;
    private readonly ILogger<RedisLink> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private ConnectionMultiplexer? multiplexer;
    private Task<ConnectionMultiplexer>? connecting;
    private Task probing = Task.CompletedTask;
    private volatile bool wasAway;
    private int sharing;
    private int saidAway;
    private int isUnread = 1;
    private long closedAt;
    private TimeSpan pause = ProbeWhileAway;
    private int failures;
    private int isDisposed;
    private long heardAt;
    private long awaySince;
    private string reason = "no connection yet";

    private readonly RedisKey probeKey;

    public RedisLink(RedisOptions options, GuardClock clock, GuardMetrics metrics, ILogger<RedisLink> logger)
    {
        Timeout = options.Timeout;
        probeKey = $"{options.KeyPrefix}:{SubjectScript.LayoutVersion}:{{probe}}";
        configuration = ConfigurationOptions.Parse(options.Configuration!);
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new LinearRetry(500);
        configuration.ClientName ??= "ScrapeGuard";
        this.clock = clock;
        this.metrics = metrics;
        this.logger = logger;
        heardAt = awaySince = clock.Time.GetTimestamp();
        metrics.ObserveRedisLag(() => LagSeconds);
    }

    public TimeSpan Timeout { get; }

    public bool IsAvailable => IsSharing;

    public string State => IsSharing ? "connected" : wasAway ? "away" : "connecting";

    public double LagSeconds => clock.Time.GetElapsedTime(Volatile.Read(ref heardAt)).TotalSeconds;

    /// <summary>Reads what the nodes share besides counts; false where it has to be tried again. Called whenever some of it may have been missed.</summary>
    public Func<ConnectionMultiplexer, Task<bool>>? OnConnected { get; set; }

    private bool IsSharing => Volatile.Read(ref sharing) != 0;

    /// <summary>Has everything read again with the next probe.</summary>
    public void ReadAgain()
    {
        Volatile.Write(ref isUnread, 1);
        if (IsSharing)
            Wake();
    }

    public Task StartAsync()
    {
        RedisWarnings.OfTransport(configuration, logger);
        probing = ProbeAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        if (!stopping.IsCancellationRequested)
            await stopping.CancelAsync();
        await probing;
    }

    /// <summary>
    /// Sends some commands at once and waits for their answers: null for those that failed or took longer than the patience; null altogether while the
    /// circuit is open.
    /// </summary>
    public async ValueTask<RedisResult?[]?> AskAsync(Func<IDatabase, Task<RedisResult>[]> send, TimeSpan? patience = null)
    {
        if (!IsSharing || patience <= TimeSpan.Zero || multiplexer is not { } connection)
            return null;
        var started = clock.Time.GetTimestamp();
        if (Start(connection, send, started) is not { } asked)
            return null;
        var all = Task.WhenAll(asked);
        try
        {
            await all.WaitAsync(patience is { } given && given < Timeout ? given : Timeout, clock.Time);
        }
        catch (Exception)
        {
            // Each command is looked at below; what is still under way is observed when it ends.
            _ = all.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        }

        var took = clock.Time.GetElapsedTime(started);
        return Answers(asked, took);
    }

    /// <summary>Sends a command without waiting; what becomes of it shows in the metrics.</summary>
    public void Send(Func<IDatabase, Task<RedisResult>> send)
    {
        var started = clock.Time.GetTimestamp();
        if (IsSharing && multiplexer is { } connection && Start(connection, send, started) is { } sent)
            _ = WatchAsync(sent, started);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Volatile.Write(ref sharing, 0);
        if (Interlocked.Exchange(ref multiplexer, null) is { } connection)
            await connection.DisposeAsync();
        else if (connecting is not null)
            _ = connecting.ContinueWith(static late => late.IsCompletedSuccessfully ? late.Result.DisposeAsync().AsTask() : Task.FromResult(late.Exception), TaskScheduler.Default);
        if (Interlocked.Exchange(ref isDisposed, 1) != 0)
            return;
        stopping.Dispose();
        wake.Dispose();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever Redis does, no request fails because of it.")]
    private T? Start<T>(ConnectionMultiplexer connection, Func<IDatabase, T> send, long started) where T : class
    {
        try
        {
            return send(connection.GetDatabase());
        }
        catch (Exception exception)
        {
            metrics.RedisAnswered("failed", clock.Time.GetElapsedTime(started));
            Failed(exception.Message);
            return null;
        }
    }

    /// <summary>A view asks once, whatever the number of its commands: it succeeds or fails as one.</summary>
    private RedisResult?[] Answers(Task<RedisResult>[] asked, TimeSpan took)
    {
        var answers = new RedisResult?[asked.Length];
        string? why = null;
        for (var index = 0; index < asked.Length; index++)
        {
            if (asked[index].IsCompletedSuccessfully)
                answers[index] = asked[index].Result;
            else
                why = asked[index].IsFaulted ? asked[index].Exception!.InnerException!.Message : $"no answer within {Timeout.TotalMilliseconds} ms";
            metrics.RedisAnswered(asked[index].IsCompletedSuccessfully ? "answered" : asked[index].IsFaulted ? "failed" : "timeout", took);
        }

        if (why is null)
            Succeeded();
        else
            Failed(why);
        return answers;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever Redis does, no request fails because of it.")]
    private async Task WatchAsync(Task<RedisResult> command, long started)
    {
        try
        {
            await command.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            metrics.RedisAnswered("answered", clock.Time.GetElapsedTime(started));
            Succeeded();
        }
        catch (Exception exception)
        {
            metrics.RedisAnswered("failed", clock.Time.GetElapsedTime(started));
            Failed(exception.Message);
        }
    }

    private void Succeeded()
    {
        Volatile.Write(ref failures, 0);
        Volatile.Write(ref heardAt, clock.Time.GetTimestamp());
    }

    private void Failed(string why)
    {
        if (Interlocked.Increment(ref failures) < MostFailures || !IsSharing)
            return;
        reason = why;
        Open();
    }

    /// <summary>Opens the circuit, once, and says so.</summary>
    private void Open()
    {
        if (Interlocked.Exchange(ref sharing, 0) == 0 && wasAway)
            return;
        if (Interlocked.Exchange(ref saidAway, 1) != 0)
            return;
        wasAway = true;
        awaySince = clock.Time.GetTimestamp();
        logger.RedisAway(reason);
        Wake();
    }

    private async Task ProbeAsync()
    {
        try
        {
            await Task.Yield();
            while (!stopping.IsCancellationRequested)
            {
                await ProbeOnceAsync();
                await WaitAsync(IsSharing && Volatile.Read(ref failures) == 0 ? ProbeWhileConnected : pause);

                // Woken because the circuit has just opened: a server that answers the probe but not the views would else close it at once again.
                if (!IsSharing)
                    await WaitAsync(pause);
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
            multiplexer ??= await ConnectAsync();
            await MeasureAsync(multiplexer);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            reason = exception.Message;
            if (!IsSharing)
                Open();
            else
                Failed(reason);
            return;
        }

        if (!IsSharing)
            await CloseAsync(multiplexer);
        if (Volatile.Read(ref isUnread) != 0 && OnConnected is { } read && Interlocked.Exchange(ref isUnread, 0) != 0 && !await read(multiplexer))
            ReadAgain();
    }

    /// <summary>Closes the circuit. One that opens again soon stays open for longer each time.</summary>
    private async Task CloseAsync(ConnectionMultiplexer connection)
    {
        var away = clock.Time.GetElapsedTime(awaySince);
        var isFlapping = closedAt != 0 && clock.Time.GetElapsedTime(closedAt) - away < Settled;
        pause = isFlapping ? TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)) : ProbeWhileAway;
        closedAt = clock.Time.GetTimestamp();
        Volatile.Write(ref failures, 0);
        ReadAgain();
        Volatile.Write(ref sharing, 1);
        if (wasAway)
            logger.RedisBack(away.TotalSeconds);
        wasAway = false;
        Volatile.Write(ref saidAway, 0);
        await RedisWarnings.OfEvictionAsync(connection, logger);
    }

    /// <summary>The client tries for a while before it tells that nobody is there; the log does not wait for that.</summary>
    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        connecting ??= ConnectionMultiplexer.ConnectAsync(configuration);
        try
        {
            var connection = await connecting.WaitAsync(PatienceToConnect, clock.Time, stopping.Token);
            connection.ConnectionRestored += (_, _) => ReadAgain();
            return connection;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no connection within {PatienceToConnect.TotalSeconds} s");
        }
        finally
        {
            if (connecting.IsFaulted)
                connecting = null;
        }
    }

    /// <summary>
    /// Whether the server takes what views send, and how far this clock is from its own, which all nodes share; half of the round trip is taken for the way
    /// back.
    /// </summary>
    private async Task MeasureAsync(ConnectionMultiplexer connection)
    {
        var sent = clock.Uncorrected;
        var started = clock.Time.GetTimestamp();
        var asked = connection.GetDatabase().ScriptEvaluateAsync(ProbeScript, [probeKey], flags: WriteOnce);
        _ = asked.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        try
        {
            await asked.WaitAsync(Timeout, clock.Time, stopping.Token);
        }
        catch (TimeoutException)
        {
            metrics.RedisAnswered("timeout", clock.Time.GetElapsedTime(started));
            throw new TimeoutException($"no answer within {Timeout.TotalMilliseconds} ms");
        }

        var took = clock.Time.GetElapsedTime(started);
        metrics.RedisAnswered("answered", took);
        Succeeded();
        clock.Correct((long)asked.Result - sent - (long)(took.TotalMilliseconds / 2));
    }

    private async Task WaitAsync(TimeSpan time)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        var woken = wake.WaitAsync(either.Token);
        await Task.WhenAny(woken, Task.Delay(time, clock.Time, either.Token));
        await either.CancelAsync();
        stopping.Token.ThrowIfCancellationRequested();
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
