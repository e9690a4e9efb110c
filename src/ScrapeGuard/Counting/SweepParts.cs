namespace ScrapeGuard.Counting;

/// <summary>
/// Who has had part in the sweep of which range within a day. One record of a range is part enough: who takes more of it is at work there, as a sweep that is
/// dealt out to many moves on. So nobody can be accused for a single range, whatever others do in it. Whoever calls keeps others out.
/// </summary>
internal sealed class SweepParts
{
    private const int Most = 32_768;
    private const long Day = SubjectState.NoveltyMilliseconds;

    private readonly Dictionary<ulong, long> parts = [];

    /// <summary>Notes that a subject takes part; false where it has already, or where too many have to remember one more.</summary>
    public bool Add(ulong range, ulong subject, long now)
    {
        var key = KeyOf(range, subject);
        if (parts.TryGetValue(key, out var at) ? Math.Abs(now - at) < Day : parts.Count >= Most)
            return false;
        parts[key] = now;
        return true;
    }

    public void Remove(ulong range, ulong subject) => parts.Remove(KeyOf(range, subject));

    public void Forget(long now)
    {
        foreach (var (key, at) in parts)
        {
            if (Math.Abs(now - at) >= Day)
                parts.Remove(key);
        }
    }

    private static ulong KeyOf(ulong range, ulong subject) => range ^ (subject * 0x9E37_79B9_7F4A_7C15);
}
