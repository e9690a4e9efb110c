namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>What came of one attack.</summary>
/// <param name="Shown">Records shown to the attacker.</param>
/// <param name="IsStopped">Whether nothing of the attacker's was admitted in the end.</param>
/// <param name="Seconds">From its first view to the last record shown.</param>
/// <param name="OthersRefused">People refused by a Block on that day, who would not have been without the attack and whose accounts were not stolen.</param>
/// <param name="IsAlarmed">Whether ranges of ids were found to be swept.</param>
internal readonly record struct AttackResult(int Shown, bool IsStopped, double Seconds, int OthersRefused, bool IsAlarmed);
