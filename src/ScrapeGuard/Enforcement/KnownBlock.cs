using ScrapeGuard.Counting;

namespace ScrapeGuard.Enforcement;

/// <summary>
/// An entry of the list of blocks, by the clock of this node, and what those whom it refuses are told: made once, as a flood asks for it with every request.
/// What decides about a request is here and not behind another reference, which a flood of many clients would find in no cache.
/// </summary>
internal sealed class KnownBlock
{
    // From the clock of the entry to that of this node without its correction. One that is yet to come began now, so that none outlasts its length.
    private readonly long shift;
    private readonly long ends;
    private volatile Block latest;
    private Refusal? refusal;
    private ScrapeGuardAssessment? observed;
    private ScrapeGuardAssessment? enforced;
    private long refusals;

    public KnownBlock(Block block, GuardClock clock)
    {
        Block = latest = block;
        (Mode, Reach) = (block.Mode, block.Reach);
        shift = -clock.Offset - Math.Max(0, block.Since - clock.Now);
        ends = block.IsLifted ? long.MinValue : block.Until + shift;
    }

    /// <summary>The entry as it came.</summary>
    public Block Block { get; }

    public ScrapeGuardMode Mode { get; }

    public BlockReach Reach { get; }

    public long Refusals => Interlocked.Read(ref refusals);

    public Refusal Refusal => refusal ??= new Refusal(Verdict.Block, Block.Cause, Block.Subject, ends, Block.Key);

    public ScrapeGuardAssessment AssessmentIn(ScrapeGuardMode mode) =>
        mode == ScrapeGuardMode.Enforce ? enforced ??= Assessment(mode) : observed ??= Assessment(mode);

    public void CountRefusal() => Interlocked.Increment(ref refusals);

    /// <summary>Whether it refuses anybody at a time of the clock without its correction.</summary>
    public bool Holds(long uncorrected) => uncorrected < ends;

    /// <summary>The entry with its times by the clock that has this offset.</summary>
    public Block At(long offset)
    {
        var since = Block.Since + shift + offset;
        if (latest is { } known && known.Since == since)
            return known;
        return latest = Block.Since == since ? Block : Block.Moved(shift + offset);
    }

    private ScrapeGuardAssessment Assessment(ScrapeGuardMode mode) => new(Verdict.Block, mode, Block.Cause, Block.Subject);
}
