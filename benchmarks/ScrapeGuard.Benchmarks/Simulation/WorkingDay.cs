namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>Writes what one person does in a day: cases in bursts and families, typos, and coming back to what was opened.</summary>
internal sealed class WorkingDay(Site site, Random random, List<PlannedView> views)
{
    private const int Second = 1000;
    private const int Minute = 60 * Second;
    private const int Hour = 60 * Minute;
    private const int FullDay = 8 * Hour;
    private const int Slot = 15 * Minute;
    private const int LastMoment = (24 * Hour) - 1;

    /// <summary>Records opened in tabs at once.</summary>
    private const int Fewest = 3, Most = 8;

    /// <summary>Members of a family.</summary>
    private const int Smallest = 2, Largest = 5;

    private readonly Traffic traffic = site.Traffic;
    private readonly double[] busy = new double[24 * Hour / Slot];
    private readonly List<int> starts = [];
    private readonly List<int> opened = [];
    private Person person = null!;
    private Place place = null!;
    private Place? away;
    private uint hoursAway;
    private int start;
    private int end;
    private int now;

    /// <summary>When this person opened records other than those opened before, in the order of time.</summary>
    public IReadOnlyList<int> Opened => opened;

    /// <param name="somebody">Who works.</param>
    /// <param name="activity">How many cases there are, as a multiple of an ordinary day's.</param>
    public void Write(Person somebody, double activity)
    {
        person = somebody;
        opened.Clear();
        Arrive();
        var mean = person.Opened * activity * Math.Min(1, (end - start) / (double)FullDay);
        var records = random.LogNormal(mean, person.IsOffice ? traffic.OfficeDaySpread : traffic.DaySpread);
        DrawStarts(random.Poisson(records / RecordsOfCase()));
        now = start;
        foreach (var begin in starts)
        {
            // One thing after the other.
            now = Math.Max(begin, now + (3 * Second) + (int)random.Exponential(5 * Second));
            Open();
        }
    }

    private double RecordsOfCase() => 1 + (person.Tabs * (((Fewest + Most) / 2.0) - 1)) + (traffic.Families * (((Smallest + Largest) / 2.0) - 1));

    private void Arrive()
    {
        start = (random.Chance(0.1) ? 12 * Hour : 8 * Hour) + (int)(35 * Minute * random.Normal());
        end = start + (random.Chance(0.2) ? FullDay / 2 : FullDay) + (int)(40 * Minute * random.Normal());
        place = random.Chance(traffic.Locums) ? site.Places[random.Next(site.Places.Count)] : person.Place;
        hoursAway = 0;
        if (person.Second is not { } second || !random.Chance(traffic.SecondDays))
            return;

        // All day at home, or the evening there; on the road, an hour here and there.
        if (second.Kind == PlaceKind.Mobile)
            hoursAway = (uint)random.Next() & (uint)random.Next();
        else
            hoursAway = random.Chance(0.5) ? ~0u : ~0u << ((end / Hour) - 1);
        away = second.Kind == PlaceKind.Mobile ? site.Network(random) : second;
    }

    /// <summary>Draws when cases come up: quarters of an hour differ, and lunch is quiet.</summary>
    private void DrawStarts(int cases)
    {
        var first = start / Slot;
        var last = Math.Clamp(end / Slot, first + 1, busy.Length - 1);
        var sum = 0.0;
        for (var slot = first; slot <= last; slot++)
        {
            var isLunch = slot * Slot is >= (12 * Hour) + Slot and < 13 * Hour + (2 * Slot);
            sum += (random.Exponential(1) + (random.Exponential(1) / 2)) * (isLunch ? 0.3 : 1);
            busy[slot] = sum;
        }

        starts.Clear();
        for (var index = 0; index < cases; index++)
        {
            var slot = Array.BinarySearch(busy, first, last - first + 1, random.NextDouble() * sum);
            slot = slot < 0 ? ~slot : slot;
            starts.Add((Math.Min(slot, last) * Slot) + random.Next(Slot));
        }

        starts.Sort();
    }

    private void Open()
    {
        var kind = random.NextDouble();
        if (kind < person.Tabs)
            OpenTabs();
        else if (kind < person.Tabs + traffic.Families)
            OpenInOrder(random.Next(Smallest, Largest + 1), 4 * Second, 12 * Second);
        else if (person.IsOffice && kind > 1 - traffic.InOrder)
            OpenInOrder(random.Next(5, 12), 10 * Second, 30 * Second);
        else
            OpenOne();
    }

    private void OpenTabs()
    {
        var count = random.Next(Fewest, Most + 1);
        var step = random.Next(10 * Second, 20 * Second) / count;
        for (var index = 0; index < count; index++, now += step)
            View(Choose());
    }

    private void OpenInOrder(int count, int least, int further)
    {
        var first = Choose();
        for (var index = 0; index < count; index++, now += least + (int)random.Exponential(further))
            View((first + index) % traffic.Records);
    }

    private void OpenOne()
    {
        var record = Choose();

        // Only who opens a record types, which is one view in 1 / (1 - revisits).
        if (random.Chance(traffic.Typos / (1 - traffic.Revisits)))
        {
            // A digit too many or another number: mostly nobody's.
            Add(now, random.Chance(0.8) ? traffic.Records + record : random.Next(traffic.Records));
            if (random.Chance(0.3))
                return;
            now += (3 * Second) + (int)random.Exponential(5 * Second);
        }

        View(record);
    }

    /// <summary>Opens a record, and comes back to it, mostly soon.</summary>
    private void View(int record)
    {
        Add(now, record);
        opened.Add(now);
        for (var again = random.Repeats(traffic.Revisits); again > 0; again--)
        {
            var soon = now + (5 * Second) + (int)random.Exponential(2 * Minute);
            Add(random.Chance(0.7) || now > end ? soon : random.Next(now, end + 1), record);
        }
    }

    private void Add(int at, int record)
    {
        at = Math.Clamp(at, 0, LastMoment);
        var isAway = (hoursAway & (1u << (at / Hour))) != 0;
        views.Add(new PlannedView(at, person.Number, record, isAway ? away!.Address : place.Address, isAway ? 1 : 0));
    }

    private int Choose()
    {
        var which = random.NextDouble();
        if (which < traffic.Newest)
        {
            // The newer, the likelier.
            var age = random.NextDouble();
            return traffic.Records - 1 - (int)(age * age * traffic.NewestPart * traffic.Records);
        }

        return which < traffic.Newest + traffic.Own ? person.Place.OwnRecord(random, traffic.Records) : random.Next(traffic.Records);
    }
}
