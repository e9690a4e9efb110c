using System.Globalization;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>A site behind one variant: its people's days as the guard lets them happen.</summary>
internal sealed class GuardedSite : IDisposable
{
    public const string Kind = "member";

    private readonly Site site;
    private readonly string[] ids;
    private readonly Today[] today;
    private readonly List<Incident>? incidents;
    private SiteDay day;
    private bool isCounted;

    /// <param name="variant">How the site is guarded.</param>
    /// <param name="site">The site.</param>
    /// <param name="first">Its first day.</param>
    /// <param name="incidents">Where refusals are told; null for nowhere.</param>
    public GuardedSite(Variant variant, Site site, SiteDay first, List<Incident>? incidents = null)
    {
        (this.site, Variant, this.incidents, day) = (site, variant, incidents, first);
        Guard = variant.Start(first.Date);
        ids = RecordIds.Of(site.Traffic.Records);
        today = new Today[site.People.Length];
    }

    public Variant Variant { get; }

    public OfflineGuard Guard { get; }

    public Tally Tally { get; } = new();

    /// <summary>Who was refused by a Block today.</summary>
    public IEnumerable<Person> RefusedToday => site.People.Where(person => today[person.Number].IsRefused);

    /// <param name="next">The day that begins.</param>
    /// <param name="counted">Whether it counts: nobody's first day does.</param>
    public void Begin(SiteDay next, bool counted)
    {
        (day, isCounted) = (next, counted);
        Array.Clear(today);
        Tally.UserDays += counted ? next.People.Length : 0;
    }

    /// <summary>All of the day.</summary>
    public void Play()
    {
        for (var index = 0; index < day.Views.Length; index++)
            Play(index);
        Tally.Evicted = Guard.Evicted;
    }

    /// <summary>One view of the day, which must not come before those played already.</summary>
    public void Play(int index)
    {
        ref readonly var planned = ref day.Views[index];
        ref var person = ref today[planned.Person];
        if (person.IsStopped)
            return;
        Guard.MoveTo(day.Date.AddMilliseconds(planned.At));
        var view = ViewOf(planned, ref person);
        Tally.Views += isCounted ? 1 : 0;

        // Who confirms tries again at once; more often than the day's step-ups allow, nobody is asked.
        for (var attempt = 0; attempt < 5 && !person.IsStopped; attempt++)
        {
            var (assessment, _) = Guard.View(view);
            if (assessment.Verdict == Verdict.Allow)
                return;
            Note(index, assessment, ref person);
            if (assessment.Verdict == Verdict.Block)
                return;
            if (Confirms(planned.Person))
                Guard.CompleteStepUp(view.Account, view.Session);
            else
                person.IsStopped = true;
        }
    }

    public void Dispose() => Guard.Dispose();

    private OfflineView ViewOf(in PlannedView planned, ref Today person)
    {
        ref var session = ref planned.Device == 0 ? ref person.Session : ref person.SecondSession;
        session ??= string.Create(CultureInfo.InvariantCulture, $"{planned.Person}-{day.Date.DayOfYear}-{planned.Device}");
        var exists = planned.Record < ids.Length;
        var id = exists ? ids[planned.Record] : planned.Record.ToString(CultureInfo.InvariantCulture);
        return new OfflineView(
            site.AddressAt(planned.Address), site.People[planned.Person].Account, session, Kind, id, exists ? Outcome.Displayed : Outcome.Missed);
    }

    private void Note(int index, ScrapeGuardAssessment assessment, ref Today person)
    {
        var isBlock = assessment.Verdict == Verdict.Block;
        var isFirst = isBlock ? !person.IsRefused : !person.IsAsked;
        (person.IsRefused, person.IsAsked) = (person.IsRefused | isBlock, person.IsAsked | !isBlock);
        if (!isCounted)
            return;
        Tally.Count(assessment, isFirst, site.People[day.Views[index].Person].Role);
        Tally.Asked += isBlock ? 0 : 1;
        Tally.RefusedDays += isBlock && isFirst ? 1 : 0;
        Tally.AskedDays += !isBlock && isFirst ? 1 : 0;
        Tally.GivenUpDays += !isBlock && isFirst && !Confirms(day.Views[index].Person) ? 1 : 0;
        if (isFirst && incidents is not null && incidents.Count < incidents.Capacity)
            incidents.Add(Incident.Of(site, day, index, assessment));
    }

    /// <summary>Whether a person confirms today: the same under each variant.</summary>
    private bool Confirms(int person)
    {
        var mixed = (uint)((person * 7919) + day.Date.DayOfYear) * 2_654_435_769u;
        mixed = (mixed ^ (mixed >> 15)) * 2_246_822_519u;
        return (mixed ^ (mixed >> 13)) < site.Traffic.Confirm * uint.MaxValue;
    }

    /// <summary>Somebody's day so far.</summary>
    private struct Today
    {
        public string? Session;
        public string? SecondSession;
        public bool IsRefused;
        public bool IsAsked;
        public bool IsStopped;
    }
}
