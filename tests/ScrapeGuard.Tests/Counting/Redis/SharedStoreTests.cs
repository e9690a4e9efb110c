using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>The contract, while what is counted goes out in batches.</summary>
public sealed class BatchedStoreTests(SharedRedis redis) : SharedStoreContract(RedisConsistency.Batched)
{
    protected override string Configuration => redis.Server.Configuration;
}

/// <summary>The contract, where each view waits for the other nodes.</summary>
public sealed class StrictStoreTests(SharedRedis redis) : SharedStoreContract(RedisConsistency.Strict)
{
    protected override string Configuration => redis.Server.Configuration;
}

/// <summary>The contract, on a node that shares its counts.</summary>
public abstract class SharedStoreContract(RedisConsistency consistency) : SubjectStoreContract, IAsyncLifetime
{
    private SharedEngine engine = null!;

    internal override ISubjectStore Store => new SharedStore(engine, consistency, Exchanged);

    protected override int Histories => 150;

    protected abstract string Configuration { get; }

    /// <summary>How long an exchange may take.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromSeconds(5);

    public virtual async ValueTask InitializeAsync() =>
        engine = await SharedEngine.StartAsync(Configuration, consistency, $"contract-{consistency}", Patience);

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An exchange was answered, or not.</summary>
    protected virtual void Exchanged(bool isAnswered) => Assert.True(isAnswered);
}

/// <summary>A store that is the table of a node; every outcome, and where it is strict every view too, is exchanged with Redis before the next.</summary>
internal sealed class SharedStore(SharedEngine engine, RedisConsistency consistency, Action<bool> exchanged) : ISubjectStore
{
    private int operations;

    public SubjectReading Reserve(SubjectReservation view)
    {
        engine.At(view.At);
        if (consistency != RedisConsistency.Strict)
            return engine.Table.Reserve(view);
        var counts = new SubjectCounts();
        view.IsAwaited = true;
        engine.Table.Reserve(view, counts);
        Exchange(view.Subject);
        var novel = counts.Novel;
        engine.Table.Count(view, counts, view.At);
        counts.Novel = novel;
        return engine.Table.Read(view, counts);
    }

    public bool IsFree(SubjectReservation view) => engine.Table.Glimpse(view.Subject).IsFree(view, engine.Table.IsShared);

    public void Settle(SubjectReservation view, Settlement settlement, long now)
    {
        engine.Table.Settle(view, settlement, engine.At(now));
        if (consistency == RedisConsistency.Strict || ++operations % 7 == 0)
            Exchange(view.Subject);
    }

    public SubjectReading Read(SubjectKey subject, WindowSet windows, long now) =>
        engine.Table.Read(subject, windows, engine.At(now)) ?? SubjectReading.None(windows);

    public bool Grant(SubjectKey subject, WindowSet windows, StepUpOptions stepUp, long now) =>
        engine.Table.Grant(subject, windows, stepUp, engine.At(now));

    public void Forget(SubjectKey subject) => engine.Table.Forget(subject, new WindowSet([]), 1_700_000_000_000, isTold: false);

    private void Exchange(SubjectKey subject) => exchanged(engine.ExchangeAsync(subject).AsTask().GetAwaiter().GetResult());
}
