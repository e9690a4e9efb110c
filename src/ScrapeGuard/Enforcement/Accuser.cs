using Microsoft.Extensions.Logging;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Enforcement;

/// <summary>Carries out what a counted view is accused of: a step-up, or a block of the accused, unless an operator has just let it go.</summary>
internal sealed class Accuser(
    BlockList blocks, Blocker blocker, SubjectTable table, GuardClock clock, GuardMetrics metrics, ILogger<Accuser> logger)
{
    /// <summary>
    /// How many times over a limit or threshold somebody may go whom an operator has just let go. All evidence was cleared then: past this it is new evidence, and an
    /// unblock that somebody talked the help desk into opens no portal.
    /// </summary>
    private const long GraceFactor = 2;

    private int warnedOfLongList;

    /// <param name="request">The request.</param>
    /// <param name="counted">Its view, which is not allowed.</param>
    /// <param name="records">How many records it asks for.</param>
    public void Accuse(GuardedRequest request, CountedView counted, int records)
    {
        var finding = counted.Finding;
        var limit = finding.Limit!;
        var accused = request.Subjects.Keys[counted.Accused!.Value]!.Value;
        if (records > finding.Max && limit.Window.Count == WindowCount.Records && Interlocked.Exchange(ref warnedOfLongList, 1) == 0)
            logger.ListLongerThanLimit(records, limit.Name, finding.Max);
        var isTooLong = limit.Window.Count == WindowCount.Records && records > finding.Max;
        if (IsInGrace(request, accused.Type) && finding.Count <= GraceFactor * finding.Max && !isTooLong)
            return;

        var explanation = Explanation.Of(request.Settings.Limits, accused.Type, finding, counted.Evidence!);
        var until = 0L;
        if (finding.Verdict == Verdict.Block)
        {
            var value = accused.Type == SubjectType.Address ? request.Subjects.Address.ToString() : accused.Token;
            var (block, isNew) = blocker.Block(request.Settings, accused, value, finding, explanation, counted.Evidence!);
            until = block.Until - clock.Offset;
            if (isNew)
                Announce(block);
        }

        var mode = request.Settings.Options.Mode;
        request.Judge(
            new ScrapeGuardAssessment(finding.Verdict, mode, limit.Name, accused.Type, finding.Count, finding.Max) { Explanation = explanation },
            new Refusal(finding.Verdict, limit.Name, accused.Type, until, accused));
        if (mode != ScrapeGuardMode.Enforce)
            return;
        blocks.CountRefusal(accused);
        metrics.Refused(accused.Type);
        if (finding.Verdict == Verdict.StepUp)
            logger.Refused(LogLines.Refused(clock.Now, accused, limit.Name, finding.Verdict, mode));
    }

    /// <summary>Accuses the narrowest subject that has a limit of records: a list of which not all are counted passes none, however large.</summary>
    public void AccuseOfLength(GuardedRequest request, CountedView counted, int length, int most)
    {
        for (var index = 0; index < counted.Count; index++)
        {
            var subject = counted[index].Subject;
            var limit = request.Settings.Limits.LimitsOf(subject.Type).FirstOrDefault(
                limit => limit.Window is { Count: WindowCount.Records, Charge: not WindowCharge.Swept });
            if (!counted.IsAllowed || limit is null)
                continue;
            var evidence = table.Read(subject, request.Settings.Limits.WindowsOf(subject.Type), clock.Now)!;
            counted.Accuse(subject.Type, new Finding(Verdict.Block, limit, length, most, clock.Now), evidence);
        }
    }

    /// <summary>Whether an operator let the subject go so recently that it is accused of little; under another key its evidence goes now.</summary>
    private bool IsInGrace(GuardedRequest request, SubjectType type)
    {
        var isInGrace = request.Subjects.ByKey.Any(keys => keys[type] is { } subject && blocks.IsInGrace(subject));
        for (var key = 0; isInGrace && request.Subjects.Counted > 1 && key < request.Subjects.Counted; key++)
        {
            if (request.Subjects.ByKey[key][type] is not { } subject)
                continue;
            table.Forget(subject, request.Settings.Limits.WindowsOf(type), clock.Exact, isTold: true);
        }

        return isInGrace;
    }

    private void Announce(Block block)
    {
        metrics.Blocked(block);
        logger.BlockMade(block, block.Mode);
    }
}
