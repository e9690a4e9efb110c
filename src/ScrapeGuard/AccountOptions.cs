namespace ScrapeGuard;

/// <summary>What an account is.</summary>
public sealed class AccountOptions
{
    /// <summary>The claim that identifies the user. Default: <c>sub</c>; where it is absent, the name identifier claim.</summary>
    public string Claim { get; set; } = "sub";

    /// <summary>Accounts, by the value of their claim, that no limit applies to. Default: none.</summary>
    public IList<string> Exempt { get; } = [];
}
