using BreachReplay.Portals;
using MemberPortal;
using MemberPortal.Members;

namespace BreachReplay.Actors;

/// <summary>Everybody who uses the portal this morning.</summary>
internal sealed class Cast : IDisposable
{
    public const string Clinic = "192.0.2.10";

    private const int AtTheClinic = 25;
    private const int Elsewhere = 15;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(4);

    /// <summary>How long it is played.</summary>
    public TimeSpan SceneLength { get; } = TimeSpan.FromSeconds(28);

    public required IReadOnlyList<Professional> Professionals { get; init; }

    public required IReadOnlyList<Scraper> ScrapingAddresses { get; init; }

    public required Scraper ClinicScraper { get; init; }

    public IEnumerable<Scraper> Scrapers => ScrapingAddresses.Append(ClinicScraper);

    public IEnumerable<Tally> Tallies => Professionals.Select(professional => professional.Tally).Concat(Scrapers.SelectMany(scraper => scraper.Tallies));

    public static Cast Assemble(PortalNodes nodes) => new()
    {
        Professionals = [.. Enumerable.Range(1, AtTheClinic + Elsewhere).Select(number => new Professional(
            new Tally(number <= AtTheClinic ? Clinic : $"198.51.100.{number - AtTheClinic}", Account(number)), nodes, number))],
        ScrapingAddresses =
        [
            new Scraper(new ScraperPlan("203.0.113.7", [Account(101), Account(102)], [.. Enumerable.Range(5001, 10_000)],
                TimeSpan.FromSeconds(4), InFlight: 4, TimeSpan.FromSeconds(0.12), Alternates: true, Confirms: false, Patience: 20, Most: 25), nodes),
            new Scraper(new ScraperPlan("203.0.113.8", [Account(103), Account(104)], Shuffled(),
                TimeSpan.FromSeconds(7), InFlight: 1, TimeSpan.FromSeconds(0.05), Alternates: false, Confirms: true, Patience: 20, Most: 70), nodes),
        ],
        ClinicScraper = new Scraper(new ScraperPlan(Clinic, [Account(105)], [.. Enumerable.Range(16_001, 1_000)],
            TimeSpan.FromSeconds(5), InFlight: 1, TimeSpan.FromSeconds(0.2), Alternates: false, Confirms: false, Patience: int.MaxValue, Most: 15), nodes),
    };

    public async Task PlayAsync(CancellationToken stop)
    {
        var scene = new Scene(SceneLength);

        // Whoever fails first ends it for all.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<Task> work = [.. Professionals.Select(p => p.WorkAsync(scene, end.Token)), .. Scrapers.Select(s => s.WorkAsync(scene, end.Token)), ReportAsync(scene, end.Token)];
        await foreach (var task in Task.WhenEach(work))
        {
            if (!task.IsCompletedSuccessfully) await end.CancelAsync();
        }

        stop.ThrowIfCancellationRequested();
        if (work.Find(task => task.IsFaulted) is { } failed) await failed;
    }

    public void Dispose()
    {
        foreach (var scraper in Scrapers) scraper.Dispose();
    }

    private async Task ReportAsync(Scene scene, CancellationToken stop)
    {
        while (!scene.IsOver)
        {
            await scene.PauseAsync(ProgressInterval, stop);
            await Console.Error.WriteLineAsync(
                $"{scene.Now.TotalSeconds,4:0} s  {Tallies.Sum(tally => tally.Count),5} records shown, {Tallies.Sum(tally => tally.Refused),4} requests refused");
        }
    }

    private static int[] Shuffled()
    {
        var ids = Enumerable.Range(1, InventedMembers.Count).ToArray();
        new Random(2024).Shuffle(ids);
        return ids;
    }

    private static string Account(int number) => MemberPortal.Professionals.UserName(number);
}
