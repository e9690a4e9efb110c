namespace BreachReplay.Actors;

/// <summary>How a bot goes about it.</summary>
/// <param name="Address">The address that its requests come from.</param>
/// <param name="Accounts">The stolen accounts.</param>
/// <param name="Ids">The records it wants, in that order.</param>
/// <param name="Start">When it begins.</param>
/// <param name="InFlight">How many requests it has under way at a time.</param>
/// <param name="Pause">How long each of those waits, on average, before the next.</param>
/// <param name="Alternates">Whether it takes its accounts in turn, rather than one until it is refused.</param>
/// <param name="Confirms">Whether it has stolen the passwords too, and types one in whenever it is asked to confirm.</param>
/// <param name="Patience">After how many answers 429 in a row it goes away.</param>
/// <param name="Most">The most distinct records that it may get, with all its accounts.</param>
internal sealed record ScraperPlan(
    string Address, string[] Accounts, int[] Ids, TimeSpan Start, int InFlight, TimeSpan Pause, bool Alternates, bool Confirms, int Patience, int Most);
