using System.Numerics;

namespace ScrapeGuard.Counting;

/// <summary>
/// Finds ranges of ids that are read one number after the other from several addresses together, from none of which enough is read to be noticed. A number is
/// linked where one within four of it was tried a moment before from another. People open files from all over, and those of one place there, so that few numbers
/// are linked; where someone deals a sequence out to many addresses, nearly all are, in whatever order within a few minutes.
/// <para>
/// A range of 32 numbers is swept once it and one beside it have 20 linked numbers within an hour, from four addresses or more, most of what is tried there is
/// linked, and few numbers are tried again and again: where many people open the same few records, some tries are linked by chance, others not. How long
/// a moment is follows from how much is tried on the site: at most one try in twenty is to be linked by chance.
/// </para>
/// </summary>
internal sealed class SweepWatch
{
    /// <summary>Numbers in a range.</summary>
    public const int Width = 32;

    /// <summary>The fewest linked numbers in two ranges side by side for which one is swept.</summary>
    public const int Fewest = 20;

    /// <summary>The fewest addresses that numbers linked there were tried from: two or three are other signals' to find.</summary>
    public const int FewestAddresses = 4;

    /// <summary>The part of what is tried in a range that must be linked.</summary>
    private const double MostOfTries = 0.85;

    /// <summary>The most tries for each number that is tried at all: past this it is popular, and some tries are linked by chance.</summary>
    private const double MostForEach = 2.0;

    private const long LongestMoment = 180_000;
    private const long ShortestMoment = 2_000;
    private const double UsuallyLinked = 0.05;
    private const long Hour = 3_600_000;
    private const long Look = 60_000;
    private const int MostRanges = 16_384;
    private const int FewestToCalibrate = 200;

    private readonly Lock watching = new();
    private readonly Dictionary<ulong, SweptRange> ranges = [];
    private readonly GrowingNumbers growing = new();
    private readonly SweepParts parts = new();
    private readonly RecentTries recent = new();
    private long lookedAt;
    private int tried;
    private int linked;

    /// <summary>How many ranges are being swept.</summary>
    public int Swept { get; private set; }

    /// <summary>Raised when a range is found to be swept.</summary>
    public event Action? Found;

    /// <summary>Raised when a number is tried on this node, for the others to know.</summary>
    public event Action<NotedTry>? Noted;

    /// <summary>For how long a try links those beside it, in milliseconds.</summary>
    public long Moment { get; private set; } = LongestMoment;

    /// <summary>
    /// Whether a number that is asked for continues a sweep: its range, or one beside it, is being swept, it is linked itself, and the subject has had no part in
    /// its range yet. Whoever else looks for something there has no part in it.
    /// </summary>
    /// <param name="number">The number's range, and those beside it.</param>
    /// <param name="who">The address that it is asked for from.</param>
    /// <param name="subject">Who would have part in it: the account, or the address without one.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public bool Continues(in TriedNumber number, ulong who, ulong subject, long now)
    {
        if (Swept == 0)
            return false;
        lock (watching)
        {
            return (IsSwept(number.Range, now) || IsSwept(number.Below, now) || IsSwept(number.Above, now))
                && !growing.Holds(number) && recent.Links(number, (ushort)who, now, Moment) && parts.Add(number.Range, subject, now);
        }
    }

    /// <summary>Has the places brought nearer where a number is noted once its page is done.</summary>
    public void Prefetch(in TriedNumber number) => recent.Prefetch(number);

    /// <summary>Notes that a number was displayed or found missing here. What was refused, or asked to sign in, is no try: it costs nobody anything.</summary>
    /// <param name="number">Where it lies.</param>
    /// <param name="who">The address that it was asked for from.</param>
    /// <param name="isDisplayed">Whether it was displayed.</param>
    /// <param name="now">When, in milliseconds.</param>
    /// <param name="subject">Who had part in a sweep with it; 0 for nobody.</param>
    public void Note(in TriedNumber number, ulong who, bool isDisplayed, long now, ulong subject = 0)
    {
        bool isFound;
        lock (watching)
        {
            if (isDisplayed)
                growing.Raise(number, now);
            if (growing.Holds(number))
                return;
            isFound = Note(number, (ushort)who, now, now);
        }

        Noted?.Invoke(new NotedTry(number, (ushort)who, now, subject));
        if (isFound)
            Found?.Invoke();
    }

    /// <summary>Takes back the part of a subject in a sweep: it was not shown the number that continues it.</summary>
    public void TakeBack(in TriedNumber number, ulong subject)
    {
        lock (watching)
            parts.Remove(number.Range, subject);
    }

    /// <summary>Notes what was tried on another node; what is told too late, or of a time to come, is nothing to go by.</summary>
    public void Hear(in NotedTry noted, long now)
    {
        if (Math.Abs(now - noted.At) >= LongestMoment)
            return;
        bool isFound;
        lock (watching)
        {
            isFound = Note(noted.Number, noted.Who, noted.At, now);
            if (noted.Subject != 0)
                parts.Add(noted.Number.Range, noted.Subject, now);
        }

        if (isFound)
            Found?.Invoke();
    }

    /// <summary>Notes a try; true where a range is found to be swept by it. Whoever calls keeps others out.</summary>
    private bool Note(in TriedNumber number, ushort who, long at, long now)
    {
        if (Math.Abs(now - lookedAt) >= Look)
            LookAround(now);
        var isFound = Count(number, who, recent.Links(number, who, at, Moment), now);
        recent.Add(number, who, at);
        return isFound;
    }

    /// <summary>Counts a try in its range; true where that is found to be swept by it.</summary>
    private bool Count(in TriedNumber number, ushort who, bool isLinked, long now)
    {
        tried++;
        linked += isLinked ? 1 : 0;
        if (!ranges.TryGetValue(number.Range, out var range))
        {
            if (!isLinked || ranges.Count >= MostRanges)
                return false;
            range = new SweptRange();
        }

        range.MoveTo(now);
        range.Add(number.Position, who, isLinked);
        var isSwept = isLinked && (IsSweptWith(range, number.Below, now) || IsSweptWith(range, number.Above, now));
        var isFound = isSwept && range.SweptAt == 0;
        Swept += isFound ? 1 : 0;
        if (isSwept)
            range.SweptAt = now;

        ranges[number.Range] = range;
        return isFound;
    }

    private bool IsSweptWith(in SweptRange range, ulong other, long now)
    {
        ranges.TryGetValue(other, out var beside);
        beside.MoveTo(now);
        var tries = range.Tried + beside.Tried;
        return range.Numbers + beside.Numbers >= Fewest
            && BitOperations.PopCount(range.From | beside.From) >= FewestAddresses
            && range.Linked + beside.Linked >= MostOfTries * tries
            && tries <= MostForEach * (range.Distinct + beside.Distinct);
    }

    private bool IsSwept(ulong range, long now) => ranges.TryGetValue(range, out var known) && known.SweptAt != 0 && now - known.SweptAt < Hour;

    /// <summary>Drops what is over, and sees how long a moment may be.</summary>
    private void LookAround(long now)
    {
        lookedAt = now;
        parts.Forget(now);
        if (tried >= FewestToCalibrate && linked > UsuallyLinked * tried)
            Moment = Math.Max(ShortestMoment, Moment / 2);
        else if (tried >= FewestToCalibrate && linked * 2 < UsuallyLinked * tried)
            Moment = Math.Min(LongestMoment, Moment * 3 / 2);
        (tried, linked) = tried >= FewestToCalibrate ? (0, 0) : (tried, linked);
        Swept = 0;
        foreach (var (key, known) in ranges)
        {
            var range = known;
            range.MoveTo(now);
            if (range.SweptAt != 0 && now - range.SweptAt < Hour)
                Swept++;
            else if (range.Tried == 0)
                ranges.Remove(key);
            else
                ranges[key] = range with { SweptAt = 0 };
        }
    }
}
