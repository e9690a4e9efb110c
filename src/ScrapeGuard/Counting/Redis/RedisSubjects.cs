using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Brings the counts of this node to the others and theirs to this one: in flushes, one at a time, every <see cref="RedisOptions.FlushInterval"/>, and at
/// once for what should not wait. What Redis does not answer is asked again as it is, so that nothing is counted twice; while Redis is away the table keeps
/// what is to be told.
/// </summary>
internal sealed class RedisSubjects : ISharedSubjects, IAsyncDisposable
{
    private const int MostAtOnce = 2048;
    private const int MostCompactedAtOnce = 8;
    private const int MostFlushes = 4;

    /// <summary>For how long a subject past half of a limit is watched after a view of it here, and how many are at once.</summary>
    private const long WatchedMilliseconds = 2000;
    private const int MostWatched = 64;

    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(15);

    /// <summary>What is shown to operators only is sent along with other news, and otherwise this seldom.</summary>
    private static readonly TimeSpan LazyInterval = TimeSpan.FromSeconds(10);

    /// <summary>Urgent news of many subjects is put together for as long as this: a hundredth of what a person takes to turn a page.</summary>
    private static readonly TimeSpan UrgentPause = TimeSpan.FromMilliseconds(2);

    private readonly SubjectTable table;
    private readonly RedisLink link;
    private readonly RedisLogs logs;
    private readonly SettingsSource settings;
    private readonly GuardClock clock;
    private readonly ILogger<RedisSubjects> logger;
    private readonly uint incarnation = (uint)Random.Shared.NextInt64(1, uint.MaxValue);
    private readonly CancellationTokenSource stopping = new();
    private readonly Stack<SubjectExchange> idle = new();
    private readonly List<SubjectExchange> batch = [];
    private readonly List<LogExchange> sent = [];
    private readonly List<SubjectExchange> unanswered = [];
    private readonly List<SubjectKey> subjects = [];
    private readonly List<SubjectKey> left = [];
    private volatile TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<SubjectKey, long> watched = new();
    private Task flushing = Task.CompletedTask;
    private Task watching = Task.CompletedTask;
    private int isRunning;
    private int sequence;
    private int warnedOfLoss;
    private long flushedLazily;

    public RedisSubjects(SubjectTable table, RedisLink link, SettingsSource settings, GuardClock clock, ILogger<RedisSubjects> logger)
    {
        var redis = settings.Current.Options.Redis;
        this.table = table;
        this.link = link;
        this.settings = settings;
        this.clock = clock;
        this.logger = logger;
        logs = new RedisLogs(link, redis.KeyPrefix);
        IsAwaited = redis.Consistency == RedisConsistency.Strict;
    }

    public bool IsAwaited { get; }

    private uint NextSequence => (uint)Interlocked.Increment(ref sequence);

    public Task StartAsync()
    {
        flushing = FlushAlwaysAsync();
        watching = IsAwaited ? Task.CompletedTask : WatchAlwaysAsync();
        return Task.CompletedTask;
    }

    /// <summary>Sends what is left, as far as Redis takes it within its timeout.</summary>
    public async Task StopAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        await flushing;
        await watching;
        if (link.IsAvailable)
            await FlushAsync(Share.All, link.Timeout);
    }

    public void Hurry()
    {
        if (table.News.IsUrgent && link.IsAvailable && Volatile.Read(ref isRunning) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static subjects => _ = subjects.FlushUrgentAsync(), this, preferLocal: false);
    }

    public ValueTask ExchangeAsync(CountedView view, TimeSpan patience)
    {
        for (var index = 0; index < view.Count; index++)
            table.Touch(view[index].Subject, view[index].Windows, view.At);
        var flushing = AwaitFlushAsync(patience);
        return flushing.IsCompletedSuccessfully && IsTold(view) ? default : AwaitToldAsync(flushing, view, patience);
    }

    public async ValueTask<bool> ExchangeAsync(IReadOnlyList<SubjectKey> subjects, TimeSpan patience)
    {
        foreach (var subject in subjects)
            table.Touch(subject, settings.Current.Limits.WindowsOf(subject.Type), clock.Now);
        if (!link.IsAvailable)
            return false;
        await AwaitFlushAsync(patience);
        foreach (var subject in subjects)
            table.ForgetUnknown(subject);
        return link.IsAvailable;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    /// <summary>A log that somebody put together meanwhile takes a second flush, and one that was lost a third.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitToldAsync(ValueTask flushing, CountedView view, TimeSpan patience)
    {
        var started = clock.Time.GetTimestamp();
        await flushing;
        for (var more = 0; more < MostFlushes && !IsTold(view) && link.IsAvailable; more++)
            await AwaitFlushAsync(patience - clock.Time.GetElapsedTime(started));
    }

    private bool IsTold(CountedView view)
    {
        for (var index = 0; index < view.Count; index++)
        {
            if (!table.IsTold(view[index].Subject))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Asks for what the other nodes count of those who were viewed here a moment ago past half of a limit: a client that spreads its views over the nodes
    /// would else find each of them a view behind.
    /// </summary>
    private async Task WatchAlwaysAsync()
    {
        try
        {
            await Task.Yield();
            using var timer = new PeriodicTimer(WatchInterval, clock.Time);
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                if (!watched.IsEmpty && link.IsAvailable && Watch())
                    await FlushAsync(Share.Urgent, link.Timeout);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The portal stops.
        }
    }

    private bool Watch()
    {
        var asked = 0;
        var now = clock.Now;
        foreach (var (subject, until) in watched)
        {
            if (until <= now || asked == MostWatched)
                watched.TryRemove(subject, out _);
            else if (table.IsTracked(subject))
            {
                table.Touch(subject, settings.Current.Limits.WindowsOf(subject.Type), now);
                asked++;
            }
        }

        return asked > 0;
    }

    /// <summary>Waits for a flush that takes what was touched before the call: makes it, or waits for whoever does.</summary>
    private async ValueTask AwaitFlushAsync(TimeSpan patience)
    {
        if (!link.IsAvailable || patience <= TimeSpan.Zero)
            return;
        var mine = next;
        if (await FlushAsync(Share.Urgent, patience))
            return;
        try
        {
            await mine.Task.WaitAsync(patience, clock.Time);
        }
        catch (TimeoutException)
        {
            // What is known here decides.
        }
    }

    private async Task FlushAlwaysAsync()
    {
        try
        {
            await Task.Yield();
            using var timer = new PeriodicTimer(settings.Current.Options.Redis.FlushInterval, clock.Time);
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                if (!link.IsAvailable)
                    continue;
                var isLazy = clock.Time.GetElapsedTime(flushedLazily) >= LazyInterval;
                if (isLazy)
                    flushedLazily = clock.Time.GetTimestamp();
                await FlushAsync(isLazy ? Share.All : Share.Touched, link.Timeout);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The portal stops.
        }
    }

    /// <summary>Makes a flush, and another for as long as something urgent came up meanwhile; false where somebody else is making one.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Sharing goes on with the next flush, whatever was wrong with this one.")]
    private async ValueTask<bool> FlushAsync(Share share, TimeSpan patience)
    {
        if (Interlocked.Exchange(ref isRunning, 1) == 1)
            return false;
        try
        {
            await FlushOnceAsync(share, patience);
        }
        catch (Exception exception)
        {
            logger.FlushFailed(exception);
        }
        finally
        {
            Volatile.Write(ref isRunning, 0);
        }

        if (table.News.IsUrgent)
            _ = FlushSoonAsync();
        return true;
    }

    private async Task FlushSoonAsync()
    {
        // A view that waits does not wait for others to be put together with it.
        if (IsAwaited)
            await Task.Yield();
        else
            await Task.Delay(UrgentPause, clock.Time);
        await FlushUrgentAsync();
    }

    private async Task FlushUrgentAsync()
    {
        if (link.IsAvailable)
            await FlushAsync(Share.Urgent, link.Timeout);
    }

    private async ValueTask FlushOnceAsync(Share share, TimeSpan patience)
    {
        var waiting = Interlocked.Exchange(ref next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            Collect(share);
            if (batch.Count > 0)
                await ExchangeBatchAsync(patience);
        }
        finally
        {
            waiting.TrySetResult();
        }

        await CompactAsync();
    }

    private async ValueTask ExchangeBatchAsync(TimeSpan patience)
    {
        // Whatever happens, what is not settled is asked again with the next flush.
        unanswered.Clear();
        unanswered.AddRange(batch);
        await logs.ExchangeAsync(sent, patience);
        var now = clock.Now;
        unanswered.Clear();
        foreach (var exchange in batch)
        {
            exchange.Settle(NextSequence, now);
            if (exchange.IsWatched && !IsAwaited)
                watched[exchange.Log.Subject] = now + WatchedMilliseconds;
            if (exchange.IsDone)
                continue;
            unanswered.Add(exchange);
            if (exchange.IsMending && Interlocked.Exchange(ref warnedOfLoss, 1) == 0)
                logger.RedisLostCounts();
        }
    }

    /// <summary>What was not answered first, then subjects with news, each shard in its turn.</summary>
    private void Collect(Share share)
    {
        batch.Clear();
        sent.Clear();
        batch.AddRange(unanswered);
        table.News.IsUrgent = false;
        var now = clock.Now;
        foreach (var shard in table.Shards)
        {
            if (shard.Urgent.Count == 0 && (share == Share.Urgent || (shard.Touched.Count == 0 && shard.Lazy.Count == 0)))
                continue;
            subjects.Clear();
            using (shard.Enter())
                Drain(shard, share);
            left.Clear();
            foreach (var subject in subjects)
                Collect(subject, now);
            if (left.Count == 0)
                continue;
            using (shard.Enter())
                shard.Touched.AddRange(left);
        }

        foreach (var exchange in batch)
            sent.Add(exchange.Log);
    }

    private void Drain(SubjectShard shard, Share share)
    {
        subjects.AddRange(shard.Urgent);
        shard.Urgent.Clear();
        if (share == Share.Urgent)
            return;
        subjects.AddRange(shard.Touched);
        shard.Touched.Clear();
        if (share != Share.All)
            return;
        subjects.AddRange(shard.Lazy);
        shard.Lazy.Clear();
    }

    private void Collect(SubjectKey subject, long now)
    {
        if (batch.Count >= MostAtOnce)
        {
            left.Add(subject);
            return;
        }

        var exchange = idle.TryPop(out var used) ? used : new SubjectExchange(table, incarnation);
        if (exchange.Take(subject, NextSequence, now))
            batch.Add(exchange);
        else
            idle.Push(exchange);
    }

    private async ValueTask CompactAsync()
    {
        var number = 0;
        foreach (var exchange in batch)
        {
            if (!exchange.IsDone)
                continue;
            if (exchange.IsLong && number++ < MostCompactedAtOnce)
            {
                var windows = settings.Current.Limits.WindowsOf(exchange.Log.Subject.Type);
                var compacted = await logs.CompactAsync(
                    exchange.Log.Subject, clock.Now, incarnation, NextSequence, settings.Current.Options.Exposure.MaxRecords, windows.Longest, exchange.Log.TimeToLive);
                if (compacted is { } log)
                    exchange.Adopt(log);
            }

            idle.Push(exchange);
        }
    }

    /// <summary>Which news a flush takes.</summary>
    private enum Share
    {
        Urgent,
        Touched,
        All,
    }
}
