using System.Collections.Concurrent;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Enforcement;

/// <summary>
/// Every block this node knows of, its own and those of the other nodes, one entry per subject. Entries stay for a while after they ended: they tell repeats.
/// An entry lasts for what was left of it when it came to be known, however the clock is corrected meanwhile; what is handed out has its times by the clock
/// as it is.
/// </summary>
internal sealed class BlockList(GuardClock clock)
{
    /// <summary>The most entries kept; past it the one that ends first goes.</summary>
    public const int Most = 100_000;

    private readonly ConcurrentDictionary<SubjectKey, KnownBlock> entries = new();
    private readonly Lock trimming = new();
    private volatile int used;

    /// <summary>Raised for each entry made on this node, for the others to know.</summary>
    public event Action<Block>? Made;

    /// <summary>Raised when an operator let a subject go, on whichever node.</summary>
    public event Action<Block>? Lifted;

    /// <summary>Whether nobody was ever blocked, as far as this node knows.</summary>
    public bool IsUnused => used == 0;

    /// <summary>Whether a subject of this type was ever blocked, as far as this node knows.</summary>
    public bool IsUsedFor(SubjectType type) => (used & Bit(type)) != 0;

    /// <summary>The block that refuses the subject now; null for none.</summary>
    public Block? Find(SubjectKey subject) => FindKnown(subject)?.At(clock.Offset);

    /// <summary>The entry of the block that refuses the subject now; null for none.</summary>
    public KnownBlock? FindKnown(SubjectKey subject) =>
        entries.TryGetValue(subject, out var entry) && entry.Holds(clock.Uncorrected) ? entry : null;

    /// <summary>The newest entry for the subject, ended or not.</summary>
    public Block? Last(SubjectKey subject) => entries.TryGetValue(subject, out var entry) ? entry.At(clock.Offset) : null;

    /// <summary>Whether an operator lifted a block of the subject so recently that it may go twice as far as others.</summary>
    public bool IsInGrace(SubjectKey subject) => Last(subject) is { IsLifted: true } lifted && lifted.GraceUntil > clock.Now;

    /// <summary>Every entry, those that ended among them.</summary>
    public IReadOnlyList<Block> All()
    {
        var offset = clock.Offset;
        return [.. entries.Values.Select(entry => entry.At(offset))];
    }

    /// <summary>Takes an entry of this node in unless a newer one is known; false if it was no news.</summary>
    public bool Apply(Block block)
    {
        if (!ApplyFromElsewhere(block))
            return false;
        Made?.Invoke(block);
        return true;
    }

    /// <summary>Takes an entry of another node in unless a newer one is known; false if it was no news.</summary>
    public bool ApplyFromElsewhere(Block block)
    {
        var subject = block.Key;
        var entry = new KnownBlock(block, clock);
        Interlocked.Or(ref used, Bit(subject.Type));
        while (true)
        {
            if (!entries.TryGetValue(subject, out var known))
            {
                if (!entries.TryAdd(subject, entry))
                    continue;
                Trim();
                break;
            }

            if (!block.IsNewerThan(known.Block))
                return false;
            if (entries.TryUpdate(subject, entry, known))
                break;
        }

        if (block.IsLifted)
            Lifted?.Invoke(block);
        return true;
    }

    public void CountRefusal(SubjectKey subject)
    {
        if (entries.TryGetValue(subject, out var entry))
            entry.CountRefusal();
    }

    public long RefusalsOf(SubjectKey subject) => entries.TryGetValue(subject, out var entry) ? entry.Refusals : 0;

    /// <summary>The blocks that hold now, the newest first.</summary>
    public IReadOnlyList<Block> Active()
    {
        var now = clock.Now;
        return [.. All().Where(block => !block.IsLifted && block.Until > now)
            .OrderByDescending(block => block.Since).ThenBy(block => block.Id, StringComparer.Ordinal)];
    }

    public Block? FindById(string id) => Active().FirstOrDefault(block => block.Id == id);

    /// <summary>Forgets entries that ended so long ago that they make no block longer any more.</summary>
    public void Forget(TimeSpan memory)
    {
        var before = clock.Now - (long)memory.TotalMilliseconds;
        var offset = clock.Offset;
        foreach (var (subject, entry) in entries)
        {
            if (entry.At(offset).Ends < before)
                entries.TryRemove(subject, out _);
        }
    }

    private static int Bit(SubjectType type) => 1 << (int)type;

    private void Trim()
    {
        if (entries.Count <= Most || !trimming.TryEnter())
            return;
        try
        {
            // ToArray is the dictionary's own and safe while others write; sorting it directly is not.
            var all = entries.ToArray();
            foreach (var (subject, _) in all.OrderBy(pair => pair.Value.Block.Ends).Take(all.Length - (Most - (Most / 100))))
                entries.TryRemove(subject, out _);
        }
        finally
        {
            trimming.Exit();
        }
    }
}
