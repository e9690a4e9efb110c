using System.Globalization;
using ScrapeGuard.Benchmarks.Report;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection;

namespace ScrapeGuard.Benchmarks.Memory;

/// <summary>
/// What a spray of fresh addresses washes out of the default budget, in simulated time: real clients at work, two scrapers at ten records a second, slow ones
/// at one record every 20 seconds, and a million addresses that come once.
/// </summary>
internal sealed class SprayTable
{
    public static readonly Command Command = new(
        "spray",
        "what a million sprayed addresses wash out of the table",
        "--sprayed 1000000 --clients 20000 --minutes 10 --seeds 3",
        "--sprayed 1000000 --clients 20000 --minutes 10 --seeds 1",
        AnswerAsync);

    private const int Slow = 10;
    private const long Start = 1_800_000_000_000;
    private const int Step = 100;

    private readonly WindowSet windows = new LimitSet(new ScrapeGuardOptions()).WindowsOf(SubjectType.Address);
    private readonly SubjectTable table = new(new MemoryOptions().Budget);
    private readonly SubjectCounts counts = new();
    private readonly Random random;
    private readonly int clients;
    private readonly int sprayed;
    private readonly int minutes;
    private readonly int[] viewsOf;
    private ulong lastId;
    private int lost;
    private int visits;

    private SprayTable(int seed, int clients, int sprayed, int minutes)
    {
        random = new Random(seed);
        (this.clients, this.sprayed, this.minutes) = (clients, sprayed, minutes);
        viewsOf = new int[clients];
    }

    private static Task AnswerAsync(Arguments arguments)
    {
        var sprayed = arguments.Number("sprayed", 1_000_000);
        var clients = arguments.Number("clients", 20_000);
        var minutes = arguments.Number("minutes", 10);
        var seeds = arguments.Number("seeds", 3);
        arguments.End();
        Console.WriteLine($"{sprayed:N0} addresses come once within {minutes} minutes over {clients:N0} clients who open a record every two minutes each; budget {new MemoryOptions().Budget:N0} bytes.\n");
        var report = new MarkdownTable(
            "seed", "evicted", "visits of real clients", "found their state gone", "share", "scrapers at 10/s: records known", "slow scrapers: day's count of records shown, least");
        for (var seed = 1; seed <= seeds; seed++)
            new SprayTable(seed, clients, sprayed, minutes).Run(report, seed);
        report.Print();
        return Task.CompletedTask;
    }

    private static SubjectKey Key(int kind, int number) => new(
        SubjectType.Address, new UInt128((ulong)(kind + 1) * 0x9E37_79B9_7F4A_7C15UL * ((ulong)number + 7), ((ulong)number + 1) * 0xD6E8_FEB8_6659_FD93UL * (ulong)(kind + 3)));

    private void Run(MarkdownTable report, int seed)
    {
        Progress.Say($"spray: seed {seed}");

        // Half an hour of work before the spray begins.
        var now = Start;
        for (var minute = 0; minute < 30; minute += 2)
        {
            for (var client = 0; client < clients; client++)
                Visit(client, now + (client * 120_000L / clients));
            now += 120_000;
        }

        lost = visits = 0;
        var steps = minutes * 60_000 / Step;
        double clientsDue = 0, sprayDue = 0;
        int fast = 0, slow = 0, spray = 0;
        for (var step = 0; step < steps; step++, now += Step)
        {
            for (clientsDue += clients * (double)Step / 120_000; clientsDue >= 1; clientsDue--)
                Visit(random.Next(clients), now);
            for (sprayDue += (double)sprayed / steps; sprayDue >= 1; sprayDue--)
                View(Key(2, spray++), now, (ulong)random.NextInt64() | 1);
            fast++;
            View(Key(1, 0), now, (ulong)fast);
            View(Key(1, 1), now, (ulong)fast);
            if (step % (20_000 / Step) == 0)
            {
                slow++;
                for (var one = 0; one < Slow; one++)
                    View(Key(3, one), now, (ulong)slow);
            }
        }

        var known = Enumerable.Range(0, 2).Min(one => table.Read(Key(1, one), windows, now)?.Displayed ?? 0);
        var least = Enumerable.Range(0, Slow).Min(one => Day(Key(3, one), now)) / (double)slow;
        report.Add(
            seed.ToString(CultureInfo.InvariantCulture),
            table.EvictedOf(SubjectType.Address).ToString("N0", CultureInfo.InvariantCulture),
            visits.ToString("N0", CultureInfo.InvariantCulture),
            lost.ToString("N0", CultureInfo.InvariantCulture),
            (lost / (double)visits).ToString("P2", CultureInfo.InvariantCulture),
            $"{known} (at least {Math.Min(new ExposureOptions().MaxRecords, fast)})",
            least.ToString("P0", CultureInfo.InvariantCulture));
    }

    private int Day(SubjectKey subject, long now)
    {
        if (table.Read(subject, windows, now) is not { } reading)
            return 0;
        return Enumerable.Range(0, windows.Count)
            .Where(index => windows[index].Count == WindowCount.Records && windows[index].Milliseconds == SubjectState.NoveltyMilliseconds)
            .Max(index => reading.Counts[index].Value);
    }

    private void Visit(int client, long now)
    {
        var key = Key(0, client);
        visits++;
        if (viewsOf[client] > 0 && !table.IsTracked(key))
            lost++;
        viewsOf[client]++;

        // Two of five pages are new to somebody at work.
        View(key, now, (ulong)(1 + (viewsOf[client] * 2 / 5)));
    }

    private void View(SubjectKey subject, long now, ulong record)
    {
        var view = new SubjectReservation { Subject = subject, Windows = windows, Id = ++lastId, At = now, Charge = windows.All, Records = [record] };
        table.Reserve(view, counts);
        table.Settle(view, new Settlement(Outcome.Displayed), now);
    }
}
