namespace ScrapeGuard;

/// <summary>What a view deserves, from the mildest to the strictest.</summary>
public enum Verdict
{
    /// <summary>The page runs.</summary>
    Allow,

    /// <summary>The person is asked to confirm who they are, or why they need more records.</summary>
    StepUp,

    /// <summary>The subject is refused for a time.</summary>
    Block,
}
