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
    private volatile bool isSharing;
    private volatile bool wasAway;
    private int failures;
    private int isDisposed;
    private long heardAt;
    private long awaySince;
    private string reason = "no connection yet";

    public RedisLink(RedisOptions options, GuardClock clock, GuardMetrics metrics, ILogger<RedisLink> logger)
    {
        Timeout = options.Timeout;
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

    public bool IsAvailable => isSharing;

    public string State => isSharing ? "connected" : wasAway ? "away" : "connecting";

    public double LagSeconds => clock.Time.GetElapsedTime(Volatile.Read(ref heardAt)).TotalSeconds;

    /// <summary>Called each time Redis begins to answer: at start, and whenever it comes back.</summary>
    public Func<ConnectionMultiplexer, Task>? OnConnected { get; set; }

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
        if (!isSharing || patience <= TimeSpan.Zero || multiplexer is not { } connection)
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
        return [.. asked.Select(command => Answer(command, took))];
    }

    /// <summary>Sends a command without waiting; what becomes of it shows in the metrics.</summary>
    public void Send(Func<IDatabase, Task<RedisResult>> send)
    {
        var started = clock.Time.GetTimestamp();
        if (isSharing && multiplexer is { } connection && Start(connection, send, started) is { } sent)
            _ = WatchAsync(sent, started);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        isSharing = false;
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
            Failed("failed", exception.Message, clock.Time.GetElapsedTime(started));
            return null;
        }
    }

    private RedisResult? Answer(Task<RedisResult> command, TimeSpan took)
    {
        if (command.IsCompletedSuccessfully)
        {
            Succeeded(took);
            return command.Result;
        }

        if (command.IsFaulted)
            Failed("failed", command.Exception!.InnerException!.Message, took);
        else
            Failed("timeout", $"no answer within {Timeout.TotalMilliseconds} ms", took);
        return null;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever Redis does, no request fails because of it.")]
    private async Task WatchAsync(Task<RedisResult> command, long started)
    {
        try
        {
            await command.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            Succeeded(clock.Time.GetElapsedTime(started));
        }
        catch (Exception exception)
        {
            Failed("failed", exception.Message, clock.Time.GetElapsedTime(started));
        }
    }

    private void Succeeded(TimeSpan took)
    {
        Volatile.Write(ref failures, 0);
        Volatile.Write(ref heardAt, clock.Time.GetTimestamp());
        metrics.RedisAnswered("answered", took);
    }

    private void Failed(string outcome, string why, TimeSpan took)
    {
        metrics.RedisAnswered(outcome, took);
        if (Interlocked.Increment(ref failures) < MostFailures || !isSharing)
            return;
        reason = why;
        isSharing = false;
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
                await WaitAsync(isSharing ? ProbeWhileConnected : ProbeWhileAway);
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
        if (!isSharing && !wasAway && multiplexer is not null)
            SayAway();
        try
        {
            multiplexer ??= await ConnectAsync();
            await MeasureAsync(multiplexer);
            Volatile.Write(ref failures, 0);
            if (isSharing)
                return;
            isSharing = true;
            await SayConnectedAsync(multiplexer);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            reason = exception.Message;
            isSharing = false;
            if (!wasAway)
                SayAway();
        }
    }

    /// <summary>The client tries for a while before it tells that nobody is there; the log does not wait for that.</summary>
    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        connecting ??= ConnectionMultiplexer.ConnectAsync(configuration);
        try
        {
            return await connecting.WaitAsync(PatienceToConnect, clock.Time, stopping.Token);
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

    /// <summary>How far this clock is from Redis' own, which all nodes share; half of the round trip is taken for the way back.</summary>
    private async Task MeasureAsync(ConnectionMultiplexer connection)
    {
        var sent = clock.Uncorrected;
        var started = clock.Time.GetTimestamp();
        var answer = await connection.GetDatabase().ExecuteAsync("TIME").WaitAsync(Timeout, clock.Time, stopping.Token);
        var took = clock.Time.GetElapsedTime(started);
        Succeeded(took);
        var parts = (RedisValue[])answer!;
        var theirs = ((long)parts[0] * 1000) + ((long)parts[1] / 1000);
        clock.Correct(theirs - sent - (long)(took.TotalMilliseconds / 2));
    }

    private void SayAway()
    {
        wasAway = true;
        awaySince = clock.Time.GetTimestamp();
        logger.RedisAway(reason);
    }

    private async Task SayConnectedAsync(ConnectionMultiplexer connection)
    {
        if (wasAway)
            logger.RedisBack(clock.Time.GetElapsedTime(awaySince).TotalSeconds);
        wasAway = false;
        await RedisWarnings.OfEvictionAsync(connection, logger);
        if (OnConnected is { } connected)
            await connected(connection);
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
