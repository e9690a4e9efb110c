namespace ScrapeGuard;

/// <summary>What a session is.</summary>
public sealed class SessionOptions
{
    /// <summary>
    /// <c>Cookie</c> (default): a sealed cookie of ScrapeGuard's own. <c>Claim:TYPE</c>: a claim of the user. <c>Cookie:NAME</c> or <c>Header:NAME</c>:
    /// a value of the portal's; these two are chosen by the client, who may change them at will.
    /// </summary>
    public string From { get; set; } = "Cookie";
}
