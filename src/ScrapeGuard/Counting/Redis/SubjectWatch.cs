using System.Collections.Concurrent;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// The subjects that were viewed here a moment ago past half of a limit. What the other nodes count of them is asked for every few milliseconds: a client
/// that spreads its views over the nodes would else find each of them a view behind.
/// </summary>
internal sealed class SubjectWatch(SubjectTable table, SettingsSource settings)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(15);

    /// <summary>For how long a subject is watched after a view of it here, and how many are at once.</summary>
    private const long Milliseconds = 2000;
    private const int Most = 64;

    private readonly ConcurrentDictionary<SubjectKey, long> watched = new();

    public bool IsEmpty => watched.IsEmpty;

    public void Add(SubjectKey subject, long now) => watched[subject] = now + Milliseconds;

    /// <summary>Has those who are watched asked for; false where there is none.</summary>
    public bool Touch(long now)
    {
        var asked = 0;
        foreach (var (subject, until) in watched)
        {
            if (until <= now || asked == Most)
                watched.TryRemove(subject, out _);
            else if (table.IsTracked(subject))
            {
                table.Touch(subject, settings.Current.Limits.WindowsOf(subject.Type), now);
                asked++;
            }
        }

        return asked > 0;
    }
}
