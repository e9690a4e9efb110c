using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ScrapeGuard.Telemetry;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Sends commands while the circuit is closed, and waits for their answers no longer than the timeout; what they come to shows in the metrics and tells the
/// circuit. Never throws.
/// </summary>
/// <param name="timeout">The longest that is waited.</param>
/// <param name="circuit">Whether anything is sent at all.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="metrics">Is told of each command.</param>
/// <param name="opened">Called when a failure has opened the circuit.</param>
internal sealed class RedisCommands(TimeSpan timeout, RedisCircuit circuit, GuardClock clock, GuardMetrics metrics, Action opened)
{
    private readonly CommandWaits waits = new(clock.Time);
    private long heardAt = clock.Time.GetTimestamp();

    /// <summary>Where commands go; null for as long as there is no connection.</summary>
    public IDatabase? Database { get; set; }

    public double LagSeconds => clock.Time.GetElapsedTime(Volatile.Read(ref heardAt)).TotalSeconds;

    /// <summary>Sends one command and waits for its answer: null where it failed, took longer than the patience, or the circuit is open.</summary>
    public ValueTask<RedisResult?> AskAsync<T>(T state, Func<IDatabase, T, Task<RedisResult>> send, TimeSpan patience) =>
        AskAsync((state, send), static (database, ask) => ask.send(database, ask.state), null, patience);

    /// <summary>Runs one script and waits for its answer, as <see cref="AskAsync{T}(T, Func{IDatabase, T, Task{RedisResult}}, TimeSpan)"/> does.</summary>
    public ValueTask<RedisResult?> RunAsync(RedisScript script, ScriptCall call, TimeSpan patience) => AskAsync(
        (script, call),
        static (database, run) => run.script.RunAsync(database, run.call),
        static (database, run) => run.script.RunTextAsync(database, run.call),
        patience);

    /// <summary>
    /// Runs a script several times at once and waits for the answers: null for those that failed or took longer than the patience; null altogether while the
    /// circuit is open.
    /// </summary>
    public async ValueTask<RedisResult?[]?> RunAllAsync(RedisScript script, ScriptCall[] calls, TimeSpan patience)
    {
        if (!circuit.IsClosed || patience <= TimeSpan.Zero || Database is not { } database)
            return null;
        var isCutShort = patience < timeout;
        patience = isCutShort ? patience : timeout;
        var started = clock.Time.GetTimestamp();
        var asked = new Task<RedisResult>?[calls.Length];
        for (var index = 0; index < calls.Length; index++)
            asked[index] = Start(database, (script, calls[index]), static (database, run) => run.script.RunAsync(database, run.Item2), started);
        await waits.ForAllAsync(asked, patience);
        var isMissing = false;
        for (var index = 0; index < calls.Length; index++)
        {
            if (asked[index] is not { } one || !RedisScript.IsMissing(one))
                continue;
            isMissing = true;
            asked[index] = Start(database, (script, calls[index]), static (database, run) => run.script.RunTextAsync(database, run.Item2), started);
        }

        if (isMissing)
            await waits.ForAllAsync(asked, patience - clock.Time.GetElapsedTime(started));
        return Answers(asked, clock.Time.GetElapsedTime(started), isCutShort);
    }

    /// <summary>Sends a command without waiting; what becomes of it shows in the metrics.</summary>
    public void Send(Func<IDatabase, Task<RedisResult>> send)
    {
        var started = clock.Time.GetTimestamp();
        if (circuit.IsClosed && Database is { } database && Start(database, send, static (database, send) => send(database), started) is { } sent)
            _ = WatchAsync(sent, started);
    }

    public void Succeeded()
    {
        circuit.Succeed();
        Volatile.Write(ref heardAt, clock.Time.GetTimestamp());
    }

    public void Failed(string why)
    {
        if (circuit.Fail(why))
            opened();
    }

    /// <param name="state">For what is sent.</param>
    /// <param name="send">Sends the command.</param>
    /// <param name="sendText">Sends it to a server that does not have its script; null for a command that is none.</param>
    /// <param name="patience">The longest to wait.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RedisResult?> AskAsync<T>(
        T state, Func<IDatabase, T, Task<RedisResult>> send, Func<IDatabase, T, Task<RedisResult>>? sendText, TimeSpan patience)
    {
        if (!circuit.IsClosed || patience <= TimeSpan.Zero || Database is not { } database)
            return null;
        var isCutShort = patience < timeout;
        patience = isCutShort ? patience : timeout;
        var started = clock.Time.GetTimestamp();
        if (Start(database, state, send, started) is not { } asked)
            return null;
        await waits.ForAsync(asked, patience);
        if (sendText is not null && RedisScript.IsMissing(asked))
        {
            var left = patience - clock.Time.GetElapsedTime(started);
            asked = left > TimeSpan.Zero ? Start(database, state, sendText, started) : null;
            if (asked is null)
                return null;
            await waits.ForAsync(asked, left);
        }

        string? why = null;
        var answer = Answer(asked, clock.Time.GetElapsedTime(started), isCutShort, ref why);
        Tell(why, isAnswered: answer is not null);
        return answer;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever Redis does, no request fails because of it.")]
    private Task<RedisResult>? Start<T>(IDatabase database, T state, Func<IDatabase, T, Task<RedisResult>> send, long started)
    {
        try
        {
            return send(database, state);
        }
        catch (Exception exception)
        {
            metrics.RedisAnswered("failed", clock.Time.GetElapsedTime(started));
            Failed(exception.Message);
            return null;
        }
    }

    /// <summary>A view asks once, whatever the number of its commands: it succeeds or fails as one.</summary>
    private RedisResult?[] Answers(Task<RedisResult>?[] asked, TimeSpan took, bool isCutShort)
    {
        var answers = new RedisResult?[asked.Length];
        string? why = null;
        for (var index = 0; index < asked.Length; index++)
            answers[index] = asked[index] is { } one ? Answer(one, took, isCutShort, ref why) : null;
        if (Array.TrueForAll(asked, static one => one is not null))
            Tell(why, isAnswered: Array.TrueForAll(answers, static one => one is not null));
        return answers;
    }

    /// <summary>Who had little patience left says nothing of Redis when it runs out: an answer may have come in time for others.</summary>
    private RedisResult? Answer(Task<RedisResult> asked, TimeSpan took, bool isCutShort, ref string? why)
    {
        if (asked.IsFaulted)
            why = asked.Exception.InnerException!.Message;
        else if (!asked.IsCompletedSuccessfully && !isCutShort)
            why = $"no answer within {timeout.TotalMilliseconds} ms";
        metrics.RedisAnswered(asked.IsCompletedSuccessfully ? "answered" : asked.IsFaulted ? "failed" : "timeout", took);
        return asked.IsCompletedSuccessfully ? asked.Result : null;
    }

    private void Tell(string? whyFailed, bool isAnswered)
    {
        if (whyFailed is not null)
            Failed(whyFailed);
        else if (isAnswered)
            Succeeded();
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
}
