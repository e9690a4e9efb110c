using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection;

namespace ScrapeGuard.Enforcement;

/// <summary>Turns a finding into a block: its length, its reach, its repeat.</summary>
internal sealed class Blocker(BlockList blocks, GuardClock clock)
{
    private readonly Lock blocking = new();

    /// <summary>Blocks the accused, or tells the block that holds already; whether it is new, for whom it is to be announced.</summary>
    public (Block Block, bool IsNew) Block(Settings settings, SubjectKey subject, string value, Finding finding, string explanation, SubjectReading evidence)
    {
        // Views in flight together find the same excess: one of them makes the block.
        lock (blocking)
        {
            var last = blocks.Last(subject);
            if (last is { IsLifted: false } && last.Until > clock.Now && last.Mode >= settings.Options.Mode)
                return (last, false);
            var block = Make(settings, subject, value, finding, explanation, evidence, last);
            return blocks.Apply(block) ? (block, true) : (blocks.Last(subject) ?? block, false);
        }
    }

    private Block Make(Settings settings, SubjectKey subject, string value, Finding finding, string explanation, SubjectReading evidence, Block? last)
    {
        var now = clock.Now;
        var options = settings.Options.Blocks;

        // What was only observed makes no enforced block longer.
        var repeats = last?.Mode < settings.Options.Mode ? 0 : RepeatsAfter(last, options, evidence, now);
        var length = Math.Min(options.Duration.TotalMilliseconds * Math.Pow(2, repeats), options.MaxDuration.TotalMilliseconds);
        return new Block
        {
            Id = Guid.CreateVersion7(GuardClock.At(now)).ToString("N"),
            Subject = subject.Type,
            Hash = Enforcement.Block.HashOf(subject),
            Value = value,
            Cause = finding.Limit!.Name,
            Statistic = finding.Limit.Statistic,
            Reach = ReachOf(subject, finding, evidence),
            Mode = settings.Options.Mode,
            Since = now,
            Until = Math.Max(now + (long)length, finding.ReadmitsAt),
            Version = Math.Max(now, (last?.Version ?? 0) + 1),
            Repeats = repeats,
            Views = CountOf(evidence, WindowCount.Views),
            Records = evidence.Displayed,
            Explanation = explanation,
        };
    }

    private static int RepeatsAfter(Block? last, BlockOptions options, SubjectReading evidence, long now)
    {
        if (last is null || last.IsLifted || now - last.Until > options.MaxDuration.TotalMilliseconds)
            return 0;

        // Only who was shown new records since is doubled; who merely keeps knocking is not.
        return evidence.LastNovelAt > last.Since ? Math.Min(last.Repeats + 1, 30) : last.Repeats;
    }

    private static BlockReach ReachOf(SubjectKey subject, Finding finding, SubjectReading evidence) =>
        subject.Type != SubjectType.Address ? BlockReach.Everyone
        : finding.Limit!.Explanation is not null ? BlockReach.Strangers // One view of somebody who is not signed in: the office behind it stays in.
        : evidence.KnownAccounts == 0 ? BlockReach.Everyone // Not so on a Sunday: whoever works there on weekdays would be locked out on Monday.
        : finding.Limit!.Window.Charge == WindowCharge.Newcomers ? BlockReach.Newcomers
        : BlockReach.Strangers;

    private static int CountOf(SubjectReading evidence, WindowCount count)
    {
        var most = 0;
        for (var index = 0; index < evidence.Windows.Count; index++)
        {
            if (evidence.Windows[index].Count == count)
                most = Math.Max(most, evidence.Counts[index].Value);
        }

        return most;
    }
}
