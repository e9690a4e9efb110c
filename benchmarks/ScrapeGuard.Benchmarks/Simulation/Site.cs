using System.Globalization;
using System.Net;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>A portal's professionals, their places and addresses, drawn once; what changes over night changes with <see cref="Sleep"/>.</summary>
internal sealed class Site
{
    /// <summary>The share of people who work at each kind of place, and how many of them there are at one.</summary>
    private static readonly (PlaceKind Kind, double Share, int Least, int Most)[] Kinds =
    [
        (PlaceKind.Hospital, 0.18, 100, 300),
        (PlaceKind.Clinic, 0.17, 10, 60),
        (PlaceKind.Pharmacy, 0.25, 3, 10),
        (PlaceKind.Practice, 0.22, 2, 5),
        (PlaceKind.Solo, 0.18, 1, 1),
    ];

    /// <summary>The share of people at places that have a back office.</summary>
    private const double ShareWithOffice = 0.35;

    /// <summary>How many dynamic addresses there are for each that is in use.</summary>
    private const double Spare = 1.25;

    private readonly List<IPAddress> addresses = [];
    private readonly List<Place> places = [];
    private readonly List<Place> networks = [];
    private readonly List<int> unused = [];
    private readonly Random random;
    private int employed;

    public Site(Traffic traffic, Random random)
    {
        (Traffic, this.random) = (traffic, random);
        foreach (var (kind, share, least, most) in Kinds)
            Settle(kind, Math.Min(least, traffic.LargestPlace), Math.Min(most, traffic.LargestPlace), share * traffic.People);
        var spare = (int)(places.Count(place => place.IsDynamic) * (Spare - 1));
        for (var index = 0; index < spare; index++)
            unused.Add(NewAddress());
        for (var index = 0; index < Math.Max(1, traffic.People / traffic.MobileShared); index++)
            networks.Add(new Place(PlaceKind.Mobile, (int)traffic.MobileShared, NewAddress()));
        People = [.. places.SelectMany(StaffOf)];
    }

    public Traffic Traffic { get; }

    public Person[] People { get; private set; } = [];

    public IReadOnlyList<Place> Places => places;

    public IPAddress AddressAt(int index) => addresses[index];

    /// <summary>A mobile network's address, drawn anew for each time that somebody joins it.</summary>
    public Place Network(Random day) => networks[day.Next(networks.Count)];

    /// <summary>An address that nobody has.</summary>
    public int NewAddress()
    {
        var number = addresses.Count + 1;
        addresses.Add(new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]));
        return addresses.Count - 1;
    }

    /// <summary>Some addresses change for ones that others may have had yesterday.</summary>
    public void Sleep()
    {
        foreach (var place in places)
        {
            if (!place.IsDynamic || unused.Count == 0 || !random.Chance(Traffic.DynamicNights))
                continue;
            var index = random.Next(unused.Count);
            (place.Address, unused[index]) = (unused[index], place.Address);
        }
    }

    private void Settle(PlaceKind kind, int least, int most, double people)
    {
        // The first is the largest there is: a small site has one of each kind.
        var size = most;
        for (var settled = 0; settled < people; settled += size, size = random.Next(least, most + 1))
            places.Add(new Place(kind, size, NewAddress()) { IsDynamic = most <= 10 && random.Chance(Traffic.Dynamic) });
    }

    private IEnumerable<Person> StaffOf(Place place)
    {
        var shared = 0;
        var sharing = 0;
        for (var index = 0; index < place.Size; index++)
        {
            // The back office, which only clinics and hospitals have, signs in by itself.
            var isOffice = place.Kind is PlaceKind.Clinic or PlaceKind.Hospital && random.Chance(Traffic.Office / ShareWithOffice);
            var account = index;
            var isShared = false;
            if (!isOffice && sharing > 0)
                (account, isShared, sharing) = (shared, true, sharing - 1);
            else if (!isOffice && random.Chance(Traffic.Shared))
                (shared, isShared, sharing) = (index, index + 1 < place.Size, Math.Min(5, 1 + random.Repeats(0.5)));
            yield return Employ(place, isOffice, string.Create(CultureInfo.InvariantCulture, $"{place.Address}-{account}"), isShared);
        }
    }

    private Person Employ(Place place, bool isOffice, string account, bool isShared)
    {
        // Few of the back office do a lot, more do less.
        var opened = isOffice
            ? Traffic.OfficeLeast * Math.Pow(Traffic.OfficeMost / Traffic.OfficeLeast, random.NextDouble())
            : random.LogNormal(Traffic.Opened, Traffic.OpenedSpread);
        var second = !random.Chance(Traffic.SecondAddress)
            ? null
            : random.Chance(Traffic.Mobile) ? networks[0] : new Place(PlaceKind.Home, 1, NewAddress());

        // Two in five open tabs, the others never do.
        var tabs = random.Chance(0.4) ? Traffic.Tabs / 0.4 : 0;
        return new Person(employed++, Traffic.IsAnonymous ? null : account, place, second, opened, isOffice, isShared, tabs);
    }
}
