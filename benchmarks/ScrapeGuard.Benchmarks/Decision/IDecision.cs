namespace ScrapeGuard.Benchmarks.Decision;

/// <summary>
/// A decision in process, without HTTP: may this client see a record? To measure another way to decide, implement it beside this file and give it a
/// method and a set-up in <see cref="DecisionBenchmarks"/>. What a request brings with it is best kept by the <see cref="Draws.Index"/> of its view,
/// where it is as warm as what a server has just read.
/// </summary>
internal interface IDecision : IDisposable
{
    /// <summary>Decides about one view. Called by several threads.</summary>
    /// <param name="client">From 0 to the number of clients.</param>
    /// <param name="view">Counts the views of all clients.</param>
    bool Decide(int client, int view);
}
