namespace ScrapeGuard.Benchmarks;

/// <summary>One question that this project answers with a table.</summary>
/// <param name="Name">The word that asks it.</param>
/// <param name="Question">What is asked, on one line.</param>
/// <param name="Options">What can be chosen, on one line; empty for nothing.</param>
/// <param name="Brief">The options of a first look.</param>
/// <param name="AnswerAsync">Measures and prints.</param>
internal sealed record Command(string Name, string Question, string Options, string Brief, Func<Arguments, Task> AnswerAsync);
