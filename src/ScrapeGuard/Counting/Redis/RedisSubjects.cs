using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Brings the counts of this node to the others and theirs to this one: in flushes, one at a time, every <see cref="RedisOptions.FlushInterval"/>, and at
/// once for what should not wait. What Redis does not answer is asked again as it is, so that nothing is counted twice; while Redis is away the table keeps
/// what is to be told.
/// </summary>
internal sealed partial class RedisSubjects : ISharedSubjects, IAsyncDisposable
{
    private const int MostFlushes = 4;

    /// <summary>At the end: those of a full table, each of two thousand subjects.</summary>
    private const int MostLastFlushes = 512;

    private readonly SubjectTable table;
    private readonly RedisLink link;
    private readonly SettingsSource settings;
    private readonly GuardClock clock;
    private readonly ILogger<RedisSubjects> logger;
    private readonly SubjectWatch watch;
    private readonly SubjectRetelling retelling;
    private readonly LogCompaction compaction;
    private readonly SubjectFlush flush;
    private readonly FlushTurns turns;
    private readonly CancellationTokenSource stopping = new();
    private Task flushing = Task.CompletedTask;
    private Task watching = Task.CompletedTask;

    public RedisSubjects(SubjectTable table, RedisLink link, SettingsSource settings, GuardClock clock, ILogger<RedisSubjects> logger)
    {
        var redis = settings.Current.Options.Redis;
        this.table = table;
        this.link = link;
        this.settings = settings;
        this.clock = clock;
        this.logger = logger;
        IsAwaited = redis.Consistency == RedisConsistency.Strict;
        var logs = new RedisLogs(link, redis.KeyPrefix);
        var sequence = new LogSequence();
        watch = new SubjectWatch(table, settings);
        retelling = new SubjectRetelling(table, settings);
        link.OnOtherServer = retelling.Begin;
        compaction = new LogCompaction(logs, settings, clock, sequence);
        flush = new SubjectFlush(table, logs, clock, sequence, link.Roster, FlushPauses.Of(redis.FlushInterval), logger) { Compaction = compaction, Watch = IsAwaited ? null : watch, OnLoss = retelling.Begin };
        turns = new FlushTurns(flush, table, link, clock, IsAwaited, logger);
    }

    public bool IsAwaited { get; }

    public Task StartAsync()
    {
        flushing = FlushAlwaysAsync();
        watching = IsAwaited ? Task.CompletedTask : WatchAlwaysAsync();
        return Task.CompletedTask;
    }

    /// <summary>Sends what is left, as far as Redis takes it; true where it took all.</summary>
    public async Task<bool> StopAsync()
    {
        if (stopping.IsCancellationRequested)
            return false;
        await stopping.CancelAsync();
        await flushing;
        await watching;
        for (var attempt = 0; attempt < MostLastFlushes && link.IsAvailable; attempt++)
        {
            await turns.FlushAsync(FlushShare.All);

            // What was answered may have been viewed again meanwhile.
            if (flush.WasEmpty)
                return true;
        }

        return false;
    }

    public void Hurry() => turns.Hurry();

    public async ValueTask<bool> ExchangeAsync(IReadOnlyList<SubjectKey> subjects, TimeSpan patience)
    {
        foreach (var subject in subjects)
        {
            table.Touch(subject, settings.Current.Limits.WindowsOf(subject.Type), clock.Now);
        }

        Ask(subjects);
        if (!link.IsAvailable)
            return false;
        var areCurrent = false;
        for (var more = 0; more <= MostFlushes && !areCurrent && link.IsAvailable; more++)
        {
            if (more > 0)
                Ask(subjects);
            await turns.FlushAskedAsync(patience);
            areCurrent = subjects.All(table.IsCurrent);
        }

        foreach (var subject in subjects)
            table.ForgetUnknown(subject);
        return areCurrent && link.IsAvailable;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    private void Ask(IReadOnlyList<SubjectKey> subjects)
    {
        foreach (var subject in subjects)
            turns.Ask(subject);
    }

    private async Task WatchAlwaysAsync()
    {
        try
        {
            await Task.Yield();
            using var timer = new PeriodicTimer(SubjectWatch.Interval, clock.Time);
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                if (!watch.IsEmpty && link.IsAvailable && watch.Touch(clock.Now))
                    await turns.FlushAsync(FlushShare.Urgent);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The portal stops.
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Sharing goes on, whatever is wrong with one log.")]
    private async ValueTask CompactAsync()
    {
        try
        {
            await compaction.RunAsync();
        }
        catch (Exception exception)
        {
            logger.FlushFailed(exception);
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
                table.News.Nodes = IsAwaited ? int.MaxValue : link.Roster.Running() ?? int.MaxValue;
                retelling.Run(clock.Now);
                await turns.FlushAsync(FlushShare.Touched);
                await CompactAsync();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The portal stops.
        }
    }
}
