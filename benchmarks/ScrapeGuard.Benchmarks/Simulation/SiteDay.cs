namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>What all people of a site mean to do in one day, in the order of time.</summary>
internal sealed class SiteDay
{
    private const int TenMinutes = 600_000;
    private const int IndexBits = 32;

    private SiteDay(DateTimeOffset date, PlannedView[] views, bool[] works, PersonDay[] people) =>
        (Date, Views, Works, People) = (date, views, works, people);

    public DateTimeOffset Date { get; }

    public PlannedView[] Views { get; }

    /// <summary>Who works on this day, by number.</summary>
    public bool[] Works { get; }

    /// <summary>The day in figures, for each who works.</summary>
    public PersonDay[] People { get; }

    /// <summary>Lets a night pass and writes the next day.</summary>
    /// <param name="site">The site.</param>
    /// <param name="random">What draws.</param>
    /// <param name="number">Which working day; weekends lie between. Everybody works on day 0, so that nobody is new later.</param>
    /// <param name="activity">How many cases there are, as a multiple of an ordinary day's.</param>
    public static SiteDay Write(Site site, Random random, int number, double activity)
    {
        site.Sleep();
        var views = new List<PlannedView>();
        var day = new WorkingDay(site, random, views);
        var works = new bool[site.People.Length];
        var people = new List<PersonDay>();
        foreach (var person in site.People)
        {
            if (number > 0 && !random.Chance(site.Traffic.Attendance))
                continue;
            works[person.Number] = true;
            var before = views.Count;
            day.Write(person, activity);
            people.Add(new PersonDay(views.Count - before, day.Opened.Count, MostWithin(day.Opened)));
        }

        return new SiteDay(DateOf(number), InOrder(views), works, [.. people]);
    }

    private static DateTimeOffset DateOf(int number) => new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero).AddDays(number + (number / 5 * 2));

    private static PlannedView[] InOrder(List<PlannedView> views)
    {
        var order = new long[views.Count];
        for (var index = 0; index < order.Length; index++)
            order[index] = ((long)views[index].At << IndexBits) | (uint)index;
        Array.Sort(order);
        return Array.ConvertAll(order, place => views[(int)(uint)place]);
    }

    private static int MostWithin(IReadOnlyList<int> times)
    {
        var most = 0;
        for (int first = 0, last = 0; last < times.Count; last++)
        {
            while (times[last] - times[first] >= TenMinutes)
                first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}
