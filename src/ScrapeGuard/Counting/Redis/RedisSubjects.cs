using ScrapeGuard.Detection;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// The counts that nodes share, one script per subject: the scripts of a view are in flight together, so that a view costs one round trip, and the keys of
/// one subject share a hash tag, so that Redis Cluster can place them.
/// </summary>
internal sealed class RedisSubjects(RedisLink link, GuardClock clock, string prefix) : ISharedSubjects
{
    public async ValueTask<SubjectReading?[]> ReserveAsync(IReadOnlyList<SubjectReservation> reservations, TimeSpan patience)
    {
        var answers = await link.AskAsync(
            database => [.. reservations.Select(view => Run(database, view.Subject, SubjectScript.Reserve(view)))], patience);
        var readings = new SubjectReading?[reservations.Count];
        for (var index = 0; index < readings.Length; index++)
            readings[index] = Parse(answers?[index], reservations[index].Windows, reservations[index].At);
        return readings;
    }

    public void Settle(SubjectReservation reservation, Settlement settlement) =>
        link.Send(database => Run(database, reservation.Subject, SubjectScript.Settle(reservation, settlement, clock.Now)));

    public async ValueTask<SubjectReading?> ReadAsync(SubjectKey subject, WindowSet windows)
    {
        var now = clock.Now;
        var answers = await link.AskAsync(database => [Run(database, subject, SubjectScript.Read(windows, now))]);
        return Parse(answers?[0], windows, now);
    }

    public async ValueTask<bool?[]> GrantAsync(IReadOnlyList<SubjectKey> subjects, LimitSet limits, StepUpOptions stepUp)
    {
        var now = clock.Now;
        var answers = await link.AskAsync(
            database => [.. subjects.Select(subject => Run(database, subject, SubjectScript.Grant(limits.WindowsOf(subject.Type), stepUp, now)))]);
        return [.. Enumerable.Range(0, subjects.Count).Select(index => answers?[index] is { } answer ? (bool?)((int)answer == 1) : null)];
    }

    public async ValueTask<bool> ForgetAsync(SubjectKey subject)
    {
        var answers = await link.AskAsync(database => [ForgetAsync(database, subject)]);
        return answers?[0] is not null;
    }

    private static SubjectReading? Parse(RedisResult? answer, WindowSet windows, long now) =>
        answer is not null && (byte[]?)answer is { } bytes ? SubjectScript.Parse(bytes, windows, now) : null;

    private Task<RedisResult> Run(IDatabase database, SubjectKey subject, RedisValue[] arguments) =>
        database.ScriptEvaluateAsync(SubjectScript.Text, SubjectScript.Keys(prefix, subject), arguments, RedisLink.WriteOnce);

    private async Task<RedisResult> ForgetAsync(IDatabase database, SubjectKey subject) =>
        RedisResult.Create(await database.KeyDeleteAsync(SubjectScript.Keys(prefix, subject)[0], RedisLink.WriteOnce));
}
