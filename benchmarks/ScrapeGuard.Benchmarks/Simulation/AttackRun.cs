namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>One attack on one site at work, on its second day, under each variant.</summary>
internal static class AttackRun
{
    /// <summary>The earliest that an attack begins.</summary>
    private static readonly TimeSpan Opening = TimeSpan.FromHours(9.5);

    /// <summary>For how long after the attack its blocks are watched: more than a first one lasts.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(90);

    public static AttackResult[] Play(SimulationPlan plan, Attack attack, int seed)
    {
        var random = new Random(seed);
        var site = new Site(TrafficOf(plan, attack), random);
        var addresses = attack.IsInside
            ? [site.AddressAt(site.Places[0].Address)]
            : Enumerable.Range(0, attack.Addresses).Select(_ => site.AddressAt(site.NewAddress())).ToArray();
        var owners = OwnersOf(attack, site, random);
        var yesterday = SiteDay.Write(site, random, 0, 1);
        var today = SiteDay.Write(site, random, 1, 1);
        var start = today.Date + Opening + TimeSpan.FromHours(4 * random.NextDouble());
        return Array.ConvertAll(plan.Variants, variant =>
        {
            using var guarded = Open(variant, site, yesterday, today);
            var scraper = new Scraper(attack, guarded, addresses, Array.ConvertAll(owners, owner => owner.Account!), site.Traffic.Records, seed);
            Play(plan, guarded, today, scraper, start);
            var seconds = Math.Max(0, (scraper.LastShown - start).TotalSeconds);
            return new AttackResult(scraper.Shown, scraper.IsStopped, seconds, OthersRefused(guarded, owners, () => Open(variant, site, yesterday, today)), guarded.Guard.SweepsFound > 0);
        });
    }

    private static GuardedSite Open(Variant variant, Site site, SiteDay yesterday, SiteDay today)
    {
        var guarded = new GuardedSite(variant, site, yesterday);
        guarded.Play();
        guarded.Begin(today, counted: true);
        return guarded;
    }

    private static void Play(SimulationPlan plan, GuardedSite guarded, SiteDay day, Scraper scraper, DateTimeOffset start)
    {
        var next = start;
        var end = start.AddHours(plan.Hours);
        var index = 0;
        while (!scraper.IsStopped && !scraper.IsResting && next < end && scraper.Shown < plan.Most)
        {
            var offset = (next - day.Date).TotalMilliseconds;
            while (index < day.Views.Length && day.Views[index].At <= offset)
                guarded.Play(index++);
            guarded.Guard.MoveTo(next);
            scraper.View();
            next += scraper.Wait();
        }

        var over = (next + Aftermath - day.Date).TotalMilliseconds;
        while (index < day.Views.Length && day.Views[index].At <= over)
            guarded.Play(index++);
    }

    private static int OthersRefused(GuardedSite guarded, Person[] owners, Func<GuardedSite> open)
    {
        var stolen = owners.Select(owner => owner.Account).ToHashSet();
        var others = guarded.RefusedToday.Where(person => person.Account is null || !stolen.Contains(person.Account)).ToHashSet();
        if (others.Count == 0)
            return 0;

        // Some may be refused on a day without an attack.
        using var calm = open();
        calm.Play();
        others.ExceptWith(calm.RefusedToday);
        return others.Count;
    }

    /// <summary>A smaller site that is as full. Without accounts the people of a large address cannot be told from one scraper, so there are none.</summary>
    private static Traffic TrafficOf(SimulationPlan plan, Attack attack)
    {
        var share = plan.Background / (double)plan.Traffic.People;
        return plan.Traffic with
        {
            People = plan.Background,
            Records = Math.Max(1000, (int)(plan.Traffic.Records * share)),
            IsAnonymous = attack.Accounts == 0,
            LargestPlace = attack.Accounts == 0 ? 5 : plan.Traffic.LargestPlace,
        };
    }

    /// <summary>Whose accounts were stolen: people who do not share theirs.</summary>
    private static Person[] OwnersOf(Attack attack, Site site, Random random)
    {
        var alone = site.People.Where(person => !attack.IsInside || person.Place == site.Places[0])
            .GroupBy(person => person.Account).Where(users => users.Count() == 1).Select(users => users.Single()).ToArray();
        random.Shuffle(alone);
        return alone[..Math.Min(attack.Accounts, alone.Length)];
    }
}
