using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using StackExchange.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>Flushes take everybody's news, however much there is and whenever it comes.</summary>
public class FlushTests(SharedRedis redis)
{
    /// <summary>What can wait is told by no flush that is not asked for it.</summary>
    private static readonly FlushPauses Untold = new(1, int.MaxValue);

    [Fact]
    public async Task News_that_can_wait_and_found_no_room_in_one_flush_is_told_with_the_next()
    {
        await using var open = await OpenLink.ToAsync(redis.Server.Configuration, TimeSpan.FromSeconds(5));
        using var host = Host();
        var clock = new GuardClock(TimeProvider.System);
        var table = new SubjectTable(256 << 20, isShared: true);
        var flush = FlushOf(table, open, host, clock, "flush-lazy");
        var settings = host.Services.GetRequiredService<SettingsSource>();
        var windows = settings.Current.Limits.WindowsOf(SubjectType.Address);
        var views = Enumerable.Range(1, 3000).Select(number => View((ulong)number, windows, clock.Now)).ToArray();
        foreach (var view in views)
        {
            table.Reserve(view, new SubjectCounts());
            table.Settle(view, new Settlement(Outcome.Displayed), view.At);
        }

        // The first flush makes all of them known.
        foreach (var share in new[] { FlushShare.All, FlushShare.Touched, FlushShare.Touched, FlushShare.All, FlushShare.All, FlushShare.All, FlushShare.All })
            await flush.RunAsync(share, [], TimeSpan.FromSeconds(5));
        var before = views.Count(view => !table.IsTold(view.Subject));

        // Now only raw counts, which can wait.
        for (var round = 0; round < 2; round++)
        {
            foreach (var view in views)
            {
                view.Id += 10_000;
                view.At = clock.Now;
                table.Reserve(view, new SubjectCounts());
                table.Settle(view, new Settlement(Outcome.Displayed), view.At);
            }

            foreach (var share in new[] { FlushShare.All, FlushShare.Touched, FlushShare.All, FlushShare.All, FlushShare.All, FlushShare.All })
                await flush.RunAsync(share, [], TimeSpan.FromSeconds(5));
        }

        Assert.Equal((0, 0), (before, views.Count(view => !table.IsTold(view.Subject))));
    }

    [Fact]
    public async Task Where_more_are_busy_than_a_flush_holds_everybody_has_a_turn()
    {
        await using var open = await OpenLink.ToAsync(redis.Server.Configuration, TimeSpan.FromSeconds(5));
        using var host = Host();
        var clock = new GuardClock(TimeProvider.System);
        var table = new SubjectTable(256 << 20, isShared: true);
        var flush = FlushOf(table, open, host, clock, "flush-turns");
        var windows = new WindowSet([new Window(WindowCount.Records, 600_000)]);
        var subjects = Enumerable.Range(1, 2 * NewsCollection.Most).Select(number => View((ulong)number, windows, clock.Now)).ToArray();
        ShowAll(1);
        while (subjects.Any(view => !table.IsTold(view.Subject)))
            await flush.RunAsync(FlushShare.All, [], TimeSpan.FromSeconds(5));
        var before = Array.ConvertAll(subjects, LengthOf);
        for (var round = 2u; round < 5; round++)
        {
            ShowAll(round);
            await flush.RunAsync(FlushShare.Touched, [], TimeSpan.FromSeconds(5));
        }

        Assert.All(subjects, (view, place) => Assert.True(LengthOf(view) > before[place], $"{place} had no turn"));

        int LengthOf(SubjectReservation view) => new SubjectBlock(table.ShardOf(view.Subject).Find(view.Subject)!).Head.LogLength;

        void ShowAll(ulong round)
        {
            foreach (var view in subjects)
            {
                var another = view with { Id = view.Id + (round * 100_000), Charge = 1, Records = [view.Records[0] + (round * 1_000_000)], At = clock.Now };
                table.Reserve(another, new SubjectCounts());
                table.Settle(another, new Settlement(Outcome.Displayed), another.At);
            }
        }
    }

    [Theory]
    [InlineData(1, 40, 3, 25)]
    [InlineData(1, 1_000, 3, 5)]
    [InlineData(4, 10_000, 3, 5)]
    [InlineData(int.MaxValue, 0, 3, 5)]
    [InlineData(2, 100, 10, 20)]
    [InlineData(8, 40, 39, 39)]
    [InlineData(int.MaxValue, 1_000_000, 39, 39)]
    public async Task Who_is_far_from_every_limit_for_all_nodes_together_is_told_of_once_in_a_while(int nodes, int max, int least, int most)
    {
        await using var open = await OpenLink.ToAsync(redis.Server.Configuration, TimeSpan.FromSeconds(5));
        using var host = Host();
        var clock = new GuardClock(TimeProvider.System);
        var table = new SubjectTable(64 << 20, isShared: true);
        table.News.Nodes = nodes;
        var flush = FlushOf(table, open, host, clock, $"flush-rest-{nodes}-{max}", new FlushPauses(10, int.MaxValue));
        var windows = new WindowSet([new Window(WindowCount.Records, 600_000)]);
        var first = View(1, windows, clock.Now) with { Charge = 1, Strictest = [max] };
        var told = 0;
        for (var number = 0UL; number < 40; number++)
        {
            var view = first with { Id = number + 1, Records = [number + 100], At = clock.Now };
            table.Reserve(view, new SubjectCounts());
            table.Settle(view, new Settlement(Outcome.Displayed), view.At);
            await flush.RunAsync(FlushShare.Touched, [], TimeSpan.FromSeconds(5));
            told += number > 0 && table.IsCurrent(first.Subject) ? 1 : 0;
        }

        // But for the first view, with which a subject new to the node asks at once.
        Assert.InRange(told, least, most);
    }

    /// <summary>Whatever the order in which subjects are listed and flushes find no room for them.</summary>
    [Fact]
    public async Task Who_is_said_to_be_in_a_list_is_in_it()
    {
        const int Budget = 1 << 20;
        await using var open = await OpenLink.ToAsync(redis.Server.Configuration, TimeSpan.FromSeconds(5));
        using var host = Host();
        var clock = new GuardClock(TimeProvider.System);
        var table = new SubjectTable(Budget, isShared: true);
        table.News.Nodes = 2;
        var flush = FlushOf(table, open, host, clock, "flush-lists", new FlushPauses(3, 7));
        var windows = new WindowSet([new Window(WindowCount.RawViews, SubjectState.NoveltyMilliseconds), new Window(WindowCount.Records, 600_000)]);
        var views = Enumerable.Range(1, 2200).Select(number => View((ulong)number, windows, clock.Now)).ToArray();
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var seen = SubjectFlags.None;
        for (var round = 0; round < 60; round++)
        {
            foreach (var view in views)
            {
                if (random.Next(3) == 0)
                    continue;

                // Nothing that limits count, or far from the limit, close to it, or past half.
                view.Id += 10_000;
                view.At = clock.Now;
                view.Charge = random.Next(2) == 0 ? 0 : windows.Records;
                view.Strictest = [0, random.Next(3) switch { 0 => 1_000_000, 1 => 500, _ => 2 }];
                table.Reserve(view with { Records = [view.Records[0] + (ulong)round] }, new SubjectCounts());
                table.Settle(view with { Records = [view.Records[0] + (ulong)round] }, new Settlement(Outcome.Displayed), view.At);
            }

            await flush.RunAsync((FlushShare)random.Next((int)FlushShare.Urgent, (int)FlushShare.All + 1), [], TimeSpan.FromSeconds(5));
            foreach (var flag in new[] { SubjectFlags.IsUrgent, SubjectFlags.IsTouched, SubjectFlags.IsResting, SubjectFlags.IsLazy })
            {
                foreach (var shard in table.Shards)
                {
                    var said = shard.Subjects().Where(subject => (new SubjectBlock(shard.Find(subject)!).Head.Flags & flag) != 0).ToArray();

                    // Who is urgent is told of no later than who is only touched.
                    var listed = shard.ListOf(flag).Concat(flag == SubjectFlags.IsTouched ? shard.Urgent : []).ToHashSet();
                    Assert.True(said.All(listed.Contains), $"Not all are in the list {flag} (seed {seed})");
                    seen |= said.Length > 0 ? flag : 0;
                }
            }
        }

        Assert.Equal(SubjectFlags.IsUrgent | SubjectFlags.IsTouched | SubjectFlags.IsResting | SubjectFlags.IsLazy, seen);
    }

    [Fact]
    public async Task What_can_wait_is_told_of_some_at_a_time_however_many_go_on()
    {
        const int Pause = 8;
        await using var open = await OpenLink.ToAsync(redis.Server.Configuration, TimeSpan.FromSeconds(5));
        using var host = Host();
        var clock = new GuardClock(TimeProvider.System);
        var table = new SubjectTable(256 << 20, isShared: true);
        var flush = FlushOf(table, open, host, clock, "flush-some", new FlushPauses(1, Pause));
        var windows = new WindowSet([new Window(WindowCount.RawViews, SubjectState.NoveltyMilliseconds), new Window(WindowCount.Records, 600_000)]);
        var views = Enumerable.Range(1, 2000).Select(number => View((ulong)number, windows, clock.Now)).ToArray();
        ShowAll();
        while (views.Any(view => !table.IsTold(view.Subject)))
            await flush.RunAsync(FlushShare.All, [], TimeSpan.FromSeconds(5));
        var lengths = Array.ConvertAll(views, LengthOf);
        var told = new int[views.Length];
        var most = 0;
        for (var round = 0; round < 3 * Pause; round++)
        {
            ShowAll();
            await flush.RunAsync(FlushShare.Touched, [], TimeSpan.FromSeconds(5));
            var now = Array.ConvertAll(views, LengthOf);
            most = Math.Max(most, now.Where((length, place) => length != lengths[place]).Count());
            for (var place = 0; place < now.Length; place++)
                told[place] += now[place] != lengths[place] ? 1 : 0;
            lengths = now;
        }

        Assert.All(told, times => Assert.Equal(3, times));
        Assert.InRange(most, views.Length / Pause, 2 * views.Length / Pause);

        int LengthOf(SubjectReservation view) => new SubjectBlock(table.ShardOf(view.Subject).Find(view.Subject)!).Head.LogLength;

        void ShowAll()
        {
            foreach (var view in views)
            {
                view.Id += 10_000;
                view.At = clock.Now;
                table.Reserve(view, new SubjectCounts());
                table.Settle(view, new Settlement(Outcome.Displayed), view.At);
            }
        }
    }

    [Fact]
    public async Task What_a_view_that_waits_leaves_behind_is_told_with_the_next_slow_flush()
    {
        await using var open = await OpenLink.ToAsync(redis.Server.Configuration, TimeSpan.FromSeconds(5));
        using var host = Host();
        var settings = host.Services.GetRequiredService<SettingsSource>();
        var clock = new GuardClock(TimeProvider.System);
        var table = new SubjectTable(64 << 20, isShared: true);
        var flush = FlushOf(table, open, host, clock, "flush-left");
        var windows = settings.Current.Limits.WindowsOf(SubjectType.Account);
        var subject = new SubjectKey(SubjectType.Account, 42);
        for (var view = 1UL; view <= 3; view++)
        {
            var reservation = View(view, windows, clock.Now) with { Subject = subject, Charge = windows.OfKind(0), IsAwaited = true };
            table.Reserve(reservation, new SubjectCounts());
            await AskAsync();
            table.Settle(reservation, new Settlement(Outcome.Displayed), reservation.At);
        }

        await AskAsync();
        Assert.Equal((true, false), (table.IsCurrent(subject), table.IsTold(subject)));
        await flush.RunAsync(FlushShare.Touched, [], TimeSpan.FromSeconds(5));
        Assert.False(table.IsTold(subject));
        await flush.RunAsync(FlushShare.All, [], TimeSpan.FromSeconds(5));
        Assert.True(table.IsTold(subject));

        async Task AskAsync()
        {
            table.Touch(subject, windows, clock.Now);
            await flush.RunAsync(FlushShare.Asked, [table.ShardOf(subject)], TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task A_node_that_stops_tells_all_it_counted()
    {
        await using var node = await SharedEngine.StartAsync(redis.Server.Configuration, RedisConsistency.Batched, "flush-stop", TimeSpan.FromSeconds(5));
        var windows = new WindowSet([new Window(WindowCount.Records, 600_000)]);
        var views = Enumerable.Range(1, 3000).Select(number => View((ulong)number, windows, 1_700_000_000_000)).ToArray();
        foreach (var view in views)
        {
            node.Table.Reserve(view, new SubjectCounts());
            node.Table.Settle(view, new Settlement(Outcome.Displayed), view.At);
        }

        await node.Subjects.StopAsync();
        Assert.Equal(0, views.Count(view => !node.Table.IsTold(view.Subject)));
    }

    [Fact]
    public async Task A_log_that_names_accounts_stays_for_a_month_when_a_node_that_did_not_know_it_adds_to_it()
    {
        await using var one = await SharedEngine.StartAsync(redis.Server.Configuration, RedisConsistency.Batched, "flush-ttl", TimeSpan.FromSeconds(5));
        await using var other = await SharedEngine.StartAsync(redis.Server.Configuration, RedisConsistency.Batched, "flush-ttl", TimeSpan.FromSeconds(5));
        var windows = new WindowSet([new Window(WindowCount.Records, 600_000)]);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var subject = new SubjectKey(SubjectType.Address, 42);
        await Show(one, 1, account: 5);
        RedisKey key = new LogKeys("flush-ttl").Of(subject);
        var before = await redis.Connection.GetDatabase().KeyTimeToLiveAsync(key);
        await Show(other, 2, account: 0);
        await Show(other, 3, account: 0);
        var after = await redis.Connection.GetDatabase().KeyTimeToLiveAsync(key);
        Assert.True(before > TimeSpan.FromDays(29), $"{before}");
        Assert.True(after > TimeSpan.FromDays(29), $"{before} before, {after} after; the node knows of {other.Table.Read(subject, windows, now)!.GoodAccounts} accounts");

        async Task Show(SharedEngine node, ulong record, ulong account)
        {
            var view = new SubjectReservation { Subject = subject, Windows = windows, Id = record, At = now, Charge = 1, Records = [record], Account = account };
            node.Table.Reserve(view, new SubjectCounts());
            node.Table.Settle(view, new Settlement(Outcome.Displayed), now);
            Assert.True(await node.ExchangeAsync(subject));
        }
    }

    [Fact]
    public async Task Good_bye_stays_said()
    {
        // A probe that begins after good-bye, as the loop may before it is stopped.
        await using var open = await OpenLink.ToAsync(redis.Server.Configuration, TimeSpan.FromSeconds(5));
        await open.Link.SayGoodByeAsync();
        open.Link.ReadAgain();
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await open.Link.StopAsync();
        var heard = await redis.Connection.GetDatabase().HashGetAsync("sg:1:nodes:{probe}", open.Link.Roster.Own);
        Assert.StartsWith("-", (string?)heard ?? "none");
    }

    [Fact]
    public async Task A_defect_in_one_subject_is_said_once_a_minute_and_stops_no_other()
    {
        await using var open = await OpenLink.ToAsync(redis.Server.Configuration, TimeSpan.FromSeconds(5));
        using var host = Host();
        var logger = new FakeLogger();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));
        var clock = new GuardClock(time);
        var table = new SubjectTable(64 << 20, isShared: true);
        var logs = new RedisLogs(open.Link, "one-defect");
        var sequence = new LogSequence();
        var compaction = new LogCompaction(logs, host.Services.GetRequiredService<SettingsSource>(), clock, sequence);
        var flush = new SubjectFlush(table, logs, clock, sequence, open.Link.Roster, Untold, logger) { Compaction = compaction };
        var windows = new WindowSet([new Window(WindowCount.Records, 600_000)]);
        var views = new[] { View(1, windows, clock.Now), View(2, windows, clock.Now) };
        foreach (var view in views)
            table.Reserve(view with { Charge = 1 }, new SubjectCounts());

        // Taken and not answered; then one of them is laid out for windows that nobody knows.
        await flush.RunAsync(FlushShare.All, [], TimeSpan.Zero);
        new SubjectBlock(table.ShardOf(views[0].Subject).Find(views[0].Subject)!).Head.Layout = ushort.MaxValue;
        foreach (var (seconds, said) in new[] { (0, 1), (1, 1), (58, 1), (2, 2) })
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            await flush.RunAsync(FlushShare.All, [], TimeSpan.FromSeconds(5));
            Assert.Equal(said, logger.Collector.GetSnapshot().Count(record => record.Id.Id == 24));
        }

        Assert.True(table.IsTold(views[1].Subject));
    }

    private static IHost Host()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddScrapeGuard(_ => { });
        return builder.Build();
    }

    private static SubjectFlush FlushOf(SubjectTable table, OpenLink open, IHost host, GuardClock clock, string prefix, FlushPauses? pauses = null)
    {
        var logs = new RedisLogs(open.Link, prefix);
        var sequence = new LogSequence();
        var compaction = new LogCompaction(logs, host.Services.GetRequiredService<SettingsSource>(), clock, sequence);
        return new SubjectFlush(table, logs, clock, sequence, open.Link.Roster, pauses ?? Untold, NullLogger.Instance) { Compaction = compaction };
    }

    private static SubjectReservation View(ulong number, WindowSet windows, long at) => new()
    {
        Subject = new SubjectKey(SubjectType.Address, number * 0x9E37_79B9_7F4A_7C15UL),
        Windows = windows,
        Id = number,
        At = at,
        Charge = 0,
        Records = [7],
    };
}
