namespace BreachReplay.Portals;

/// <summary>An answer, the records in it, and, where it failed, what came instead.</summary>
internal readonly record struct PortalAnswer(Answer Answer, IReadOnlyList<int> Records, string? Failure = null)
{
    public bool IsRefused => Answer is Answer.StepUp or Answer.Blocked;
}
