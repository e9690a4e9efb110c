using ScrapeGuard.Counting;

namespace ScrapeGuard.Tests.Counting.Redis;

internal static class ToldSubjects
{
    /// <summary>Whether all that is known of a subject here was told, what is shown to operators only among it.</summary>
    public static bool IsTold(this SubjectTable table, SubjectKey subject) =>
        table.ShardOf(subject).Find(subject) is not { } block || (new SubjectBlock(block).Head is { Unsent: 0, Pending: 0 } && table.IsCurrent(subject));
}
