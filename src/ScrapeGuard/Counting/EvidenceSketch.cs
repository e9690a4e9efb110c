namespace ScrapeGuard.Counting;

/// <summary>
/// What is left of the subjects that were forgotten for want of room: for each of many places a tag and how many records whoever it was had been shown. A
/// subject that comes back inherits that number as the day's count, never as anything a short window is judged by: a tag may be another's.
/// </summary>
internal sealed class EvidenceSketch
{
    private const long HourMilliseconds = 3_600_000;
    private const int Day = 24;

    // Tag in the upper 16 bits, then the hour modulo 256, then how many.
    private readonly uint[] places;

    /// <param name="bytes">About how much room it may take.</param>
    public EvidenceSketch(long bytes) => places = new uint[Math.Max(1, bytes / sizeof(uint))];

    public long Bytes => (long)places.Length * sizeof(uint);

    public void Remember(SubjectKey subject, int records, long now)
    {
        if (records == 0)
            return;
        ref var place = ref places[PlaceOf(subject)];

        // Who was shown more keeps the place for as long as it means anything.
        if (TagOf(place) != TagOf(subject) && IsFresh(place, now) && CountOf(place) > records)
            return;
        place = (uint)(TagOf(subject) << 16) | (uint)(byte)(now / HourMilliseconds) << 8 | (uint)Math.Min(records, byte.MaxValue);
    }

    /// <summary>How many records a subject is remembered to have been shown in the last 24 hours.</summary>
    public ushort Recall(SubjectKey subject, long now)
    {
        var place = places[PlaceOf(subject)];
        return TagOf(place) == TagOf(subject) && IsFresh(place, now) ? CountOf(place) : (ushort)0;
    }

    private int PlaceOf(SubjectKey subject) => (int)((ulong)(subject.Hash >> 40) % (ulong)places.Length);

    private static ushort TagOf(SubjectKey subject) => (ushort)((ulong)(subject.Hash >> 100) + (ulong)subject.Type);

    private static ushort TagOf(uint place) => (ushort)(place >> 16);

    private static ushort CountOf(uint place) => (byte)place;

    private static bool IsFresh(uint place, long now) => (byte)((byte)(now / HourMilliseconds) - (byte)(place >> 8)) < Day;
}
