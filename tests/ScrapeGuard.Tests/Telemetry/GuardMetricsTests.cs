using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ScrapeGuard.Telemetry;
using ScrapeGuard.Tests.Pipeline;
using Xunit;

namespace ScrapeGuard.Tests.Telemetry;

public class GuardMetricsTests
{
    [Theory]
    [InlineData(SubjectType.Address, "address")]
    [InlineData(SubjectType.Session, "session")]
    [InlineData(SubjectType.Account, "account")]
    public void A_subject_has_its_tag(SubjectType subject, string tag) => Assert.Equal(tag, GuardMetrics.TagOf(subject));

    [Theory]
    [InlineData(Verdict.Allow, "allow")]
    [InlineData(Verdict.StepUp, "step_up")]
    [InlineData(Verdict.Block, "block")]
    public void A_verdict_has_its_tag(Verdict verdict, string tag) => Assert.Equal(tag, GuardMetrics.TagOf(verdict));

    [Theory]
    [InlineData(ScrapeGuardMode.Observe, "observe")]
    [InlineData(ScrapeGuardMode.Enforce, "enforce")]
    public void A_mode_has_its_tag(ScrapeGuardMode mode, string tag) => Assert.Equal(tag, GuardMetrics.TagOf(mode));

    [Fact]
    public void Every_value_has_a_tag_of_its_own_and_an_unknown_one_has_none()
    {
        CheckAll(Enum.GetValues<SubjectType>(), GuardMetrics.TagOf);
        CheckAll(Enum.GetValues<Verdict>(), GuardMetrics.TagOf);
        CheckAll(Enum.GetValues<ScrapeGuardMode>(), GuardMetrics.TagOf);
        Assert.Throws<ArgumentOutOfRangeException>(() => GuardMetrics.TagOf((SubjectType)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => GuardMetrics.TagOf((Verdict)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => GuardMetrics.TagOf((ScrapeGuardMode)9));
    }

    [Fact]
    public async Task Every_instrument_has_the_unit_and_the_tags_of_the_contract()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["address-10min"].Max = 3);
        using var meter = new EveryMeasurement(portal.Services.GetRequiredService<IMeterFactory>());
        for (var record = 1; record <= 6; record++)
            await portal.GetAsync($"/members/{record}");
        await portal.GetAsync("/members/7", user: "pharmacist");
        meter.Observe();

        Assert.Equal(
            """
            scrapeguard.blocks Counter {block}: cause, mode, subject
            scrapeguard.blocks.active ObservableGauge {block}: subject
            scrapeguard.blocks.invalid Counter {block}:
            scrapeguard.concentration ObservableGauge 1:
            scrapeguard.decision.duration Histogram s: consistency
            scrapeguard.exposure Histogram {record}: cause, subject
            scrapeguard.page_views Counter {view}: kind, mode, verdict
            scrapeguard.records.displayed Counter {record}: kind
            scrapeguard.redis.commands Counter {command}:
            scrapeguard.redis.duration Histogram s:
            scrapeguard.redis.failures Counter {command}:
            scrapeguard.requests.blocked Counter {request}: subject
            scrapeguard.subjects.evicted ObservableCounter {subject}: subject
            scrapeguard.subjects.tracked ObservableGauge {subject}: subject
            """,
            string.Join('\n', meter.Shapes()));
        Assert.DoesNotContain(meter.TagValues(), value => value.Contains("203.0", StringComparison.Ordinal) || value.Contains("pharmacist", StringComparison.Ordinal));
        Assert.Equal(["account", "address", "address-10min", "allow", "block", "enforce", "local", "member", "session"], meter.TagValues());
    }

    [Fact]
    public async Task Views_records_refusals_and_the_block_are_counted()
    {
        await using var portal = await PortalUnderTest.StartAsync(options => options.Limits["address-10min"].Max = 3);
        var factory = portal.Services.GetRequiredService<IMeterFactory>();
        using var views = new MetricCollector<long>(factory, GuardMetrics.MeterName, "scrapeguard.page_views");
        using var displayed = new MetricCollector<long>(factory, GuardMetrics.MeterName, "scrapeguard.records.displayed");
        using var refused = new MetricCollector<long>(factory, GuardMetrics.MeterName, "scrapeguard.requests.blocked");
        using var blocks = new MetricCollector<long>(factory, GuardMetrics.MeterName, "scrapeguard.blocks");
        using var exposure = new MetricCollector<int>(factory, GuardMetrics.MeterName, "scrapeguard.exposure");
        using var duration = new MetricCollector<double>(factory, GuardMetrics.MeterName, "scrapeguard.decision.duration");
        for (var record = 1; record <= 6; record++)
            await portal.GetAsync($"/members/{record}");

        Assert.Equal((3, 1), (Sum(views, "verdict", "allow"), Sum(views, "verdict", "block")));
        Assert.Equal(3, Sum(displayed, "kind", "member"));
        Assert.Equal(3, Sum(refused, "subject", "address"));
        Assert.Equal(1, Sum(blocks, "mode", "enforce"));
        Assert.Equal(3, Assert.Single(exposure.GetMeasurementSnapshot()).Value);
        Assert.Equal(4, duration.GetMeasurementSnapshot().Count);
    }

    [Fact]
    public async Task A_list_inside_a_view_is_no_view_of_its_own()
    {
        await using var portal = await PortalUnderTest.StartAsync(map: app => app.MapGet("/family/{id}", async (HttpContext context) =>
            $"{(await context.CountRecordsAsync("member", ["1", "2", "3"])).Verdict}").RequireScrapeGuard("member", record: "id"));
        using var views = new MetricCollector<long>(portal.Services.GetRequiredService<IMeterFactory>(), GuardMetrics.MeterName, "scrapeguard.page_views");
        await portal.GetAsync("/family/1");
        Assert.Equal(1, Sum(views, "kind", "member"));
    }

    [Fact]
    public async Task What_is_observed_is_measured_as_observed_and_refuses_nothing()
    {
        await using var portal = await PortalUnderTest.StartAsync(options =>
        {
            options.Mode = ScrapeGuardMode.Observe;
            options.Limits["address-10min"].Max = 3;
        });
        var factory = portal.Services.GetRequiredService<IMeterFactory>();
        using var views = new MetricCollector<long>(factory, GuardMetrics.MeterName, "scrapeguard.page_views");
        using var refused = new MetricCollector<long>(factory, GuardMetrics.MeterName, "scrapeguard.requests.blocked");
        using var blocks = new MetricCollector<long>(factory, GuardMetrics.MeterName, "scrapeguard.blocks");
        for (var record = 1; record <= 6; record++)
            await portal.GetAsync($"/members/{record}");
        Assert.Equal((3, 3), (Sum(views, "verdict", "allow"), Sum(views, "verdict", "block")));
        Assert.Equal(6, Sum(views, "mode", "observe"));
        Assert.Equal(1, Sum(blocks, "mode", "observe"));
        Assert.Empty(refused.GetMeasurementSnapshot());
    }

    private static long Sum(MetricCollector<long> collector, string tag, string value) =>
        collector.GetMeasurementSnapshot().Where(measured => Equals(measured.Tags[tag], value)).Sum(measured => measured.Value);

    private static void CheckAll<T>(T[] values, Func<T, string> tagOf) where T : struct, Enum =>
        Assert.Equal(values.Length, values.Select(tagOf).Where(tag => tag.All(c => char.IsAsciiLetterLower(c) || c == '_')).Distinct().Count());

    /// <summary>Listens to every instrument of the portal's meter.</summary>
    private sealed class EveryMeasurement : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly SortedDictionary<string, SortedSet<string>> shapes = new(StringComparer.Ordinal);
        private readonly SortedSet<string> values = new(StringComparer.Ordinal);

        public EveryMeasurement(IMeterFactory factory)
        {
            listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name != GuardMetrics.MeterName || instrument.Meter.Scope != factory)
                    return;
                shapes[ShapeOf(instrument)] = new(StringComparer.Ordinal);
                listening.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
            listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Add(instrument, tags));
            listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
            listener.Start();
        }

        public void Observe() => listener.RecordObservableInstruments();

        public IEnumerable<string> Shapes() => shapes.Select(shape => $"{shape.Key}: {string.Join(", ", shape.Value)}".TrimEnd());

        public SortedSet<string> TagValues() => values;

        public void Dispose() => listener.Dispose();

        private static string ShapeOf(Instrument instrument) => $"{instrument.Name} {instrument.GetType().Name.Split('`')[0]} {instrument.Unit}";

        private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var (name, value) in tags)
            {
                shapes[ShapeOf(instrument)].Add(name);
                values.Add($"{value}");
            }
        }
    }
}
