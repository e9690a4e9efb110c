using System.Diagnostics;
using System.Diagnostics.Metrics;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection.Signals;
using ScrapeGuard.Enforcement;

namespace ScrapeGuard.Telemetry;

/// <summary>The instruments of the meter <c>ScrapeGuard</c>. Tags come from closed sets; no address, session or account is ever one.</summary>
internal sealed class GuardMetrics
{
    public const string MeterName = "ScrapeGuard";

    private readonly Counter<long> pageViews;
    private readonly Counter<long> recordsDisplayed;
    private readonly Counter<long> requestsBlocked;
    private readonly Counter<long> blocksMade;
    private readonly Histogram<int> exposure;
    private readonly Histogram<double> decisionDuration;
    private readonly Counter<long> redisCommands;
    private readonly Counter<long> redisFailures;
    private readonly Histogram<double> redisDuration;
    private readonly Counter<long> forgedBlocks;
    private readonly Meter meter;
    private readonly string consistency;
    private long views;
    private long displayed;
    private long refused;

    public GuardMetrics(IMeterFactory meters, BlockList blocks, SubjectTable table, SettingsSource settings, ConcentrationSignal concentration, GuardClock clock)
    {
        var redis = settings.Current.Options.Redis;
        consistency = TagOf(redis.Configuration is null ? null : redis.Consistency);
        meter = meters.Create(MeterName);
        pageViews = meter.CreateCounter<long>("scrapeguard.page_views", "{view}", "Views of display pages, by verdict.");
        recordsDisplayed = meter.CreateCounter<long>("scrapeguard.records.displayed", "{record}", "Records displayed.");
        requestsBlocked = meter.CreateCounter<long>("scrapeguard.requests.blocked", "{request}", "Requests refused.");
        blocksMade = meter.CreateCounter<long>("scrapeguard.blocks", "{block}", "Blocks made on this node.");
        exposure = meter.CreateHistogram<int>("scrapeguard.exposure", "{record}", "Records displayed to a subject before its block.");
        decisionDuration = meter.CreateHistogram<double>("scrapeguard.decision.duration", "s", "Time from the question to the verdict.");
        redisCommands = meter.CreateCounter<long>("scrapeguard.redis.commands", "{command}", "Commands sent to Redis.");
        redisFailures = meter.CreateCounter<long>("scrapeguard.redis.failures", "{command}", "Commands that Redis did not answer, or not in time.");
        redisDuration = meter.CreateHistogram<double>("scrapeguard.redis.duration", "s", "Time until Redis answered, or was waited for no longer.");
        forgedBlocks = meter.CreateCounter<long>("scrapeguard.blocks.invalid", "{block}", "Block entries that no key signed, ignored.");
        meter.CreateObservableGauge("scrapeguard.blocks.active", () => ActiveBlocks(blocks), "{block}", "Blocks that hold now.");
        meter.CreateObservableGauge(
            "scrapeguard.concentration", () => concentration.Read(2, clock.Now).ShareOfTwo, "1",
            "The share of all novel records of about the last hour that the two busiest addresses were shown.");
        meter.CreateObservableGauge("scrapeguard.subjects.tracked", () => PerSubject(type => table.CountOf(type)), "{subject}", "Subjects tracked in this process.");
        meter.CreateObservableCounter("scrapeguard.subjects.evicted", () => PerSubject(table.EvictedOf), "{subject}", "Subjects forgotten for want of room.");
    }

    public long Views => Interlocked.Read(ref views);

    public long RecordsDisplayed => Interlocked.Read(ref displayed);

    public long BlockedRequests => Interlocked.Read(ref refused);

    public static string TagOf(SubjectType subject) => subject switch
    {
        SubjectType.Address => "address",
        SubjectType.Session => "session",
        SubjectType.Account => "account",
        _ => throw new ArgumentOutOfRangeException(nameof(subject)),
    };

    public static string TagOf(Verdict verdict) => verdict switch
    {
        Verdict.Allow => "allow",
        Verdict.StepUp => "step_up",
        Verdict.Block => "block",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };

    public static string TagOf(ScrapeGuardMode mode) => mode switch
    {
        ScrapeGuardMode.Observe => "observe",
        ScrapeGuardMode.Enforce => "enforce",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    public void Viewed(string kind, ScrapeGuardAssessment assessment)
    {
        Interlocked.Increment(ref views);
        if (pageViews.Enabled)
            pageViews.Add(1, new("kind", kind), new("verdict", TagOf(assessment.Verdict)), new("mode", TagOf(assessment.Mode)));
    }

    public void Displayed(string kind, int records)
    {
        Interlocked.Add(ref displayed, records);
        recordsDisplayed.Add(records, new KeyValuePair<string, object?>("kind", kind));
    }

    public void Refused(SubjectType subject)
    {
        Interlocked.Increment(ref refused);
        if (requestsBlocked.Enabled)
            requestsBlocked.Add(1, new KeyValuePair<string, object?>("subject", TagOf(subject)));
    }

    public void Blocked(Block block)
    {
        blocksMade.Add(1, new("subject", TagOf(block.Subject)), new("cause", block.Cause), new("mode", TagOf(block.Mode)));
        exposure.Record(block.Records, new TagList { { "subject", TagOf(block.Subject) }, { "cause", block.Cause } });
    }

    /// <param name="consistency">Of what Redis is configured; null where none is.</param>
    public static string TagOf(RedisConsistency? consistency) => consistency switch
    {
        null => "local",
        RedisConsistency.Batched => "batched",
        RedisConsistency.Strict => "strict",
        _ => throw new ArgumentOutOfRangeException(nameof(consistency)),
    };

    /// <summary>Whether somebody wants to know how long decisions take: reading a clock costs as much as a look-up.</summary>
    public bool IsTimed => decisionDuration.Enabled;

    public void Decided(TimeSpan duration) =>
        decisionDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("consistency", consistency));

    /// <summary>A command to Redis ended: <c>answered</c>, <c>timeout</c> or <c>failed</c>.</summary>
    public void RedisAnswered(string outcome, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("outcome", outcome);
        redisCommands.Add(1, tag);
        redisDuration.Record(duration.TotalSeconds, tag);
        if (outcome != "answered")
            redisFailures.Add(1, tag);
    }

    public void ObserveRedisLag(Func<double> seconds) =>
        meter.CreateObservableGauge("scrapeguard.redis.lag", seconds, "s", "Time since Redis last answered.");

    public void ForgedBlock() => forgedBlocks.Add(1);

    private static IEnumerable<Measurement<long>> ActiveBlocks(BlockList blocks)
    {
        var active = blocks.Active();
        return PerSubject(type => active.Count(block => block.Subject == type));
    }

    private static IEnumerable<Measurement<long>> PerSubject(Func<SubjectType, long> value) =>
        Enum.GetValues<SubjectType>().Select(type => new Measurement<long>(value(type), new KeyValuePair<string, object?>("subject", TagOf(type))));
}
