using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection;
using ScrapeGuard.Detection.Signals;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Enforcement;

/// <summary>
/// Whether a subject of a request is blocked, the narrowest first. Asks for no more of the request than that takes: a flood of refused requests should cost
/// next to nothing.
/// </summary>
internal sealed class BlockCheck(SubjectCapture capture, BlockList blocks, SubjectTable table, GuardClock clock, GuardMetrics metrics)
{
    private static readonly SubjectType[] NarrowestFirst = [SubjectType.Account, SubjectType.Session, SubjectType.Address];

    /// <summary>Judges the request by the blocks that hold; true if one of them refuses it.</summary>
    public bool Refuses(GuardedRequest request)
    {
        if (blocks.IsUnused)
            return false;
        for (var key = 0; key < request.Subjects.Generations.Length; key++)
        {
            foreach (var type in NarrowestFirst)
            {
                if (blocks.IsUsedFor(type) && Refuses(request, type, key))
                    return true;
            }
        }

        return false;
    }

    private bool Refuses(GuardedRequest request, SubjectType type, int key)
    {
        capture.Find(type, request.Context, request.Settings, request.Subjects);
        if (!request.Subjects.TryName(type, key, out var subject) || blocks.FindKnown(subject) is not { } block || !Reaches(block, request))
            return false;
        var mode = block.Mode == ScrapeGuardMode.Enforce ? request.Settings.Options.Mode : ScrapeGuardMode.Observe;
        if (mode != ScrapeGuardMode.Enforce)
        {
            request.Judge(block.AssessmentIn(mode), block.Refusal);
            return false;
        }

        request.Refuse(block.AssessmentIn(mode), block.Refusal);
        block.CountRefusal();
        metrics.Refused(type);
        return true;
    }

    private bool Reaches(KnownBlock block, GuardedRequest request)
    {
        if (block.Reach == BlockReach.Everyone || block.Block.Subject != SubjectType.Address)
            return true;
        var subjects = request.Subjects;
        capture.Find(SubjectType.Account, request.Context, request.Settings, subjects);
        if (subjects.Account is null)
            return true;
        if (!subjects.TryName(SubjectType.Account, subjects.Counted - 1, out var account))
            return false;
        if (block.Reach == BlockReach.Newcomers && IsNewcomer(request, block))
            return true;
        var limits = request.Settings.Limits;
        if (IsForAnonymous(limits, block.Block))
            return false;
        var window = LimitOf(limits, block.Block)?.Window;
        return table.Read(account, limits.WindowsOf(SubjectType.Account), clock.Now) is { } reading && Standing.IsWarned(limits, reading, window);
    }

    private bool IsNewcomer(GuardedRequest request, KnownBlock block) =>
        request.Subjects.TryName(SubjectType.Account, request.Subjects.Counted - 1, out var account)
        && table.IsNewcomer(block.Block.Key, request.Settings.Limits.WindowsOf(SubjectType.Address), account, clock.Now);

    /// <summary>Whether only views of whoever is not signed in led to a block: then it refuses nobody who is.</summary>
    private static bool IsForAnonymous(LimitSet limits, Block block) =>
        block.Cause == CanarySignal.Name || LimitOf(limits, block) is { IsSignal: true, Window.Charge: WindowCharge.Anonymous or WindowCharge.Swept };

    private static Limit? LimitOf(LimitSet limits, Block block)
    {
        foreach (var limit in limits.LimitsOf(SubjectType.Address))
        {
            if (limit.Name == block.Cause && limit.Statistic == block.Statistic)
                return limit;
        }

        return null;
    }
}
