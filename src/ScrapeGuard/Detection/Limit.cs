using ScrapeGuard.Counting;

namespace ScrapeGuard.Detection;

/// <summary>A limit as it is judged.</summary>
/// <param name="Name">Its name in the configuration: the cause of what it brings about.</param>
/// <param name="Per">Whom it counts for.</param>
/// <param name="Window">What it counts.</param>
/// <param name="WindowIndex">The place of <paramref name="Window"/> in the subject's windows.</param>
/// <param name="Max">The most that get through.</param>
/// <param name="Verdict">What happens past it.</param>
/// <param name="AccountMax">For an address: the strictest account limit of the same count and window; 0 for none.</param>
internal sealed record Limit(string Name, SubjectType Per, Window Window, int WindowIndex, int Max, Verdict Verdict, int AccountMax)
{
    /// <summary>
    /// The most that strangers may take where several accounts in good standing share the address, so that one bad account never takes its colleagues down.
    /// </summary>
    public int MaxAt(int goodAccounts) =>
        goodAccounts < 2 || AccountMax == 0 || Window.Charge == ChargedViews.All
            ? Max
            : Max + (int)((11L + goodAccounts) * AccountMax / 10);
}
