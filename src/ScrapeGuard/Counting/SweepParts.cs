namespace ScrapeGuard.Counting;

/// <summary>
/// Who has had part in the sweep of which range within an hour. One record of a range is part enough: who takes more of it is at work there, as a sweep that is
/// dealt out to many moves on. So nobody can be accused for a single range, whatever others do in it. Whoever calls keeps others out.
/// </summary>
internal sealed class SweepParts
{
    private const int Most = 32_768;
    private const long Hour = 3_600_000;

    private readonly Dictionary<ulong, long> parts = [];

    public bool Holds(ulong range, ulong subject, long now) => parts.TryGetValue(KeyOf(range, subject), out var at) && Math.Abs(now - at) < Hour;

    /// <summary>Notes that a subject was shown a record of the range; nothing where there are too many to remember.</summary>
    public void Add(ulong range, ulong subject, long now)
    {
        if (parts.Count < Most)
            parts[KeyOf(range, subject)] = now;
    }

    public void Forget(long now)
    {
        foreach (var (key, at) in parts)
        {
            if (Math.Abs(now - at) >= Hour)
                parts.Remove(key);
        }
    }

    private static ulong KeyOf(ulong range, ulong subject) => range ^ (subject * 0x9E37_79B9_7F4A_7C15);
}
