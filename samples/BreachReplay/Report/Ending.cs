using BreachReplay.Actors;
using BreachReplay.Portals;

namespace BreachReplay.Report;

/// <summary>How it ended for somebody, in a few words.</summary>
internal static class Ending
{
    public static string Of(Tally tally, BlockEntry? block) => tally.Last switch
    {
        Answer.Blocked => block?.Cause is { } cause ? $"blocked: {cause}" : "blocked",
        Answer.StepUp => "step-up, not confirmed",
        Answer.Failed => "failed",
        _ => "free",
    };

    public static string Of(ScrapingResult result)
    {
        if (!result.IsStopped) return "not stopped";
        if (result.Block is not { } block) return "stopped";
        return block.Reach is { Length: > 0 } reach ? $"blocked: {block.Cause}, reaches {reach}" : $"blocked: {block.Cause}";
    }
}
