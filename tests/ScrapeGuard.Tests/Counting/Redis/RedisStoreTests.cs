using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using StackExchange.Redis;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>The contract, on subject.lua.</summary>
public class RedisStoreTests(SharedRedis redis) : SubjectStoreContract
{
    internal override ISubjectStore Store { get; } = new RedisStore(redis.Connection.GetDatabase());

    protected override int Histories => 150;
}

/// <summary>subject.lua on a server, with the time passed in.</summary>
internal sealed class RedisStore(IDatabase database) : ISubjectStore
{
    private const string Prefix = "test";

    public SubjectReading Reserve(SubjectReservation view) =>
        SubjectScript.Parse((byte[])Run(view.Subject, SubjectScript.Reserve(view))!, view.Windows, view.At)!;

    public void Settle(SubjectReservation view, Settlement settlement, long now) =>
        Run(view.Subject, SubjectScript.Settle(view, settlement, now));

    public SubjectReading Read(SubjectKey subject, WindowSet windows, long now) =>
        SubjectScript.Parse((byte[])Run(subject, SubjectScript.Read(windows, now))!, windows, now)!;

    public bool Grant(SubjectKey subject, WindowSet windows, StepUpOptions stepUp, long now) =>
        (int)Run(subject, SubjectScript.Grant(windows, stepUp, now)) == 1;

    public void Forget(SubjectKey subject) => database.KeyDelete(Keys(subject));

    public static RedisKey[] Keys(SubjectKey subject) => SubjectScript.Keys(Prefix, subject);

    private RedisResult Run(SubjectKey subject, RedisValue[] arguments) => database.ScriptEvaluate(SubjectScript.Text, Keys(subject), arguments);
}
