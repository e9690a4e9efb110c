using ScrapeGuard.Counting;

namespace ScrapeGuard.Tests.Counting;

/// <summary>A store of subjects, with the time passed in.</summary>
internal interface ISubjectStore
{
    SubjectReading Reserve(SubjectReservation view);

    /// <summary>Whether a view need not be reserved.</summary>
    bool IsFree(SubjectReservation view);

    void Settle(SubjectReservation view, Settlement settlement, long now);

    SubjectReading Read(SubjectKey subject, WindowSet windows, long now);

    bool Grant(SubjectKey subject, WindowSet windows, StepUpOptions stepUp, long now);

    void Forget(SubjectKey subject);
}

/// <summary>One subject of a store, of a name nobody used before.</summary>
internal sealed class StoredSubject(ISubjectStore store, WindowSet windows, SubjectType type = SubjectType.Address)
{
    public SubjectKey Key { get; } = new(type, new UInt128((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64()));

    public SubjectReading Reserve(SubjectReservation view) => store.Reserve(view);

    public bool IsFree(SubjectReservation view) => store.IsFree(view);

    public void Settle(SubjectReservation view, Settlement settlement, long now) => store.Settle(view, settlement, now);

    public SubjectReading Read(long now, WindowSet? current = null) => store.Read(Key, current ?? windows, now);

    public bool Grant(int allowance, long until, int maxPerDay, long now) => store.Grant(
        Key, windows, new StepUpOptions { Allowance = allowance, Lifetime = TimeSpan.FromMilliseconds(until - now), MaxPerDay = maxPerDay }, now);

    public void Forget() => store.Forget(Key);
}
