using System.Globalization;
using ScrapeGuard.Detection;

namespace ScrapeGuard.Counting;

/// <summary>
/// A view that is counted: what is asked for and by whom, what is reserved for it and how it was judged. Used again for the next request, so that a view
/// allocates nothing.
/// </summary>
internal sealed class CountedView
{
    private static long lastNumber;

    // Under two keys a view is counted for six subjects.
    private readonly SubjectReservation?[] reservations = new SubjectReservation?[6];
    private readonly SubjectCounts?[] counts = new SubjectCounts?[6];
    private readonly bool[] judged = new bool[6];

    // Of one key after the other: numbers beside that of the record, in either direction.
    private readonly ulong[]?[] neighbours = new ulong[]?[2];
    private int neighboursKnown;
    private TriedNumber place;

    /// <summary>How many reservations there are.</summary>
    public int Count { get; private set; }

    /// <summary>The kind of the records.</summary>
    public string Kind { get; private set; } = "";

    public uint KindHash { get; private set; }

    /// <summary>A number that no other view in flight has.</summary>
    public ulong Id { get; private set; } = (ulong)Interlocked.Increment(ref lastNumber) << 32;

    /// <summary>When the view came, in milliseconds.</summary>
    public long At { get; set; }

    /// <summary>1 for a view; 0 for a list inside a view that was counted already.</summary>
    public int Views { get; private set; }

    /// <summary>
    /// Fingerprints of the records asked for, without repeats, under the current key and, for a day after that took over, under the one before.
    /// </summary>
    public ulong[][] Records { get; } = [[], []];

    /// <summary>The number that the id of the only record is; less than 0 where it is none.</summary>
    public long Number { get; set; }

    /// <summary>Whether one of the records asked for exists for nobody, and nobody was accused of it yet.</summary>
    public bool AsksForCanary { get; set; }

    public Finding Finding { get; private set; }

    /// <summary>The type of the subject that <see cref="Finding"/> accuses; null for Allow.</summary>
    public SubjectType? Accused { get; private set; }

    /// <summary>What is known of the accused.</summary>
    public SubjectReading? Evidence { get; private set; }

    /// <summary>Records novel to the account, else the session, else the address.</summary>
    public int Novel { get; set; }

    /// <summary>Where the number lies among numbers; nowhere while nobody has asked.</summary>
    public ref readonly TriedNumber Place => ref place;

    public bool HasPlace { get; private set; }

    /// <summary>The address that it is asked for from.</summary>
    public ulong From { get; set; }

    /// <summary>Whether a completed step-up admits the view past a limit.</summary>
    public bool IsGranted { get; set; }

    /// <summary>Whether the view is shown whatever it is judged.</summary>
    public bool IsObserved { get; set; }

    /// <summary>Whether another site may have led there: then nobody is accused, and what is past half of a limit is not shown.</summary>
    public bool IsLed { get; set; }

    /// <summary>Whether a step-up is asked of the account.</summary>
    public bool IsAsked { get; set; }

    public bool IsAllowed => Finding.Verdict == Verdict.Allow;

    /// <summary>The limits in force when a view came for which nothing is reserved; null for any other.</summary>
    public LimitSet? FreeUnder { get; set; }

    /// <summary>The subjects of such a view.</summary>
    public IViewedBy? FreeFor { get; set; }

    /// <summary>Begins another view.</summary>
    public void Begin(string kind, int views)
    {
        // Most pages are of the kind of the page before.
        if (!ReferenceEquals(kind, Kind))
            (Kind, KindHash) = (kind, LimitSet.KindHash(kind));
        (Views, Number, AsksForCanary, neighboursKnown, HasPlace) = (views, -1, false, 0, false);
        Clear();
    }

    /// <summary>Takes back what was reserved and judged.</summary>
    public void Clear()
    {
        Id++;
        FreeUnder = null;
        (Count, Novel, IsGranted, IsAsked) = (0, 0, false, false);
        if (!IsAllowed)
            Acquit();
    }

    /// <summary>Has no reservations any more, as all of them were settled; the judgement stays.</summary>
    public void Drop() => Count = 0;

    /// <summary>The next reservation, to be filled in.</summary>
    public SubjectReservation Add(bool isJudged, out SubjectCounts held)
    {
        judged[Count] = isJudged;
        held = counts[Count] ??= new SubjectCounts();
        return reservations[Count++] ??= new SubjectReservation { Subject = default, Windows = null!, Id = 0, At = 0, Charge = 0 };
    }

    public SubjectReservation this[int index] => reservations[index]!;

    public SubjectCounts CountsOf(int index) => counts[index]!;

    /// <summary>The fingerprints of the records whose numbers lie within two of that of the record asked for; 0 for a number there is not.</summary>
    public ulong[] NeighboursOf(int key, IViewedBy subjects)
    {
        if (Number < 0)
            return [];
        var found = neighbours[key] ??= new ulong[4];
        if ((neighboursKnown & (1 << key)) != 0)
            return found;
        neighboursKnown |= 1 << key;
        Span<char> digits = stackalloc char[20];
        for (var place = 0; place < found.Length; place++)
        {
            var number = Number + (place < 2 ? place - 2 : place - 1);
            found[place] = number >= 0 && number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture)
                ? subjects.Record(key, Kind, digits[..length])
                : 0;
        }

        return found;
    }

    /// <summary>Finds where the number of the record asked for lies among numbers; it must be one.</summary>
    public void FindPlace(IViewedBy subjects)
    {
        if (HasPlace)
            return;
        HasPlace = true;
        var range = Number / SweepWatch.Width;
        place = new TriedNumber(RangeOf(range, subjects), range == 0 ? 0 : RangeOf(range - 1, subjects), RangeOf(range + 1, subjects), (int)(Number % SweepWatch.Width), Number, KindHash);
    }

    // No id begins with a control character after which digits follow: those that are numbers are digits only.
    private ulong RangeOf(long range, IViewedBy subjects)
    {
        Span<char> text = stackalloc char[24];
        text[0] = '\u0001';
        range.TryFormat(text[1..], out var length, default, CultureInfo.InvariantCulture);
        return subjects.Record(0, Kind, text[..(length + 1)]);
    }

    /// <summary>Whether the view is judged by a reservation, or only counted.</summary>
    public bool IsJudged(int index) => judged[index];

    public void Accuse(SubjectType subject, Finding finding, SubjectReading evidence) => (Accused, Finding, Evidence) = (subject, finding, evidence);

    public void Acquit() => (Accused, Finding, Evidence) = (null, Finding.Allow, null);
}
