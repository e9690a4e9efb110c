using System.Numerics;

namespace ScrapeGuard.Counting;

/// <summary>What a subject is worth being remembered: who is worth least is forgotten first. Reckoned only where there is no room.</summary>
internal sealed partial class SubjectShard
{
    private const double TenMinutes = 600_000;

    /// <summary>What a completed step-up is worth, or one that is asked, in records: it admits twenty, unless it is set otherwise, and was asked for after as many.</summary>
    private const int StepUpRecords = 40;

    /// <summary>More than any evidence.</summary>
    private const int Pending = 1000;

    /// <summary>More than the evidence of a thousand records of this moment. People have few accounts: nobody fills the table with confirmed ones.</summary>
    private const int Confirmed = 100;

    /// <summary>
    /// Evidence over age, with ten minutes as the measure of age: a fresh address with one record is worth less than forty records of an hour ago, and more
    /// than those of yesterday. What other nodes still have to be told is worth more than anything; an account that has completed step-ups, which count for a
    /// day, is worth as much all day.
    /// </summary>
    private double Worth(in SubjectBlock block, long now)
    {
        ref var head = ref block.Head;
        var side = head.Side == 0 ? null : Sides.Read(head.Side);
        var stepUps = side?.StepUpsSince(now - SubjectState.NoveltyMilliseconds) ?? 0;
        var asked = (head.Flags & SubjectFlags.IsAsked) == 0 ? stepUps : stepUps + 1;
        var records = head.Shown + head.Inherited + MissesOf(block) + (asked * StepUpRecords);
        var evidence = BitOperations.Log2((uint)(1 + records + new AddressAccounts(this, block).Count)) + (head.Flight != 0 ? 1 : 0);
        var kept = (head.Unsent != 0 ? Pending : 0) + (stepUps > 0 && head.Type == SubjectType.Account ? Confirmed : 0);
        return kept + ((double)evidence * evidence / (1 + (Math.Max(0, now - head.LastSeen) / TenMinutes)));
    }

    /// <summary>
    /// What misses are worth, in records: three each, as in scores, but for the first, which is worth one: a spray of guesses is worth no more than one of
    /// views.
    /// </summary>
    private static int MissesOf(in SubjectBlock block)
    {
        // Who is calm has none.
        if ((block.Head.Flags & SubjectFlags.IsCalm) != 0)
            return 0;
        var misses = 0;
        for (var bits = WindowSet.Of(block.Head.Layout).Misses; bits != 0; bits &= bits - 1)
            misses = Math.Max(misses, block.Windows[BitOperations.TrailingZeroCount(bits)].Total);
        return Math.Max(0, (Pace.MissWeight * misses) - 2);
    }
}
