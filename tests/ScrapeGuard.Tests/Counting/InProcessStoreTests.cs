using ScrapeGuard.Counting;

namespace ScrapeGuard.Tests.Counting;

/// <summary>The contract, in process.</summary>
public class InProcessStoreTests : SubjectStoreContract
{
    internal override ISubjectStore Store { get; } = new InProcessStore();

    protected override int Histories => 3000;
}

internal sealed class InProcessStore : ISubjectStore
{
    private readonly SubjectTable table = new(1L << 30);

    public SubjectReading Reserve(SubjectReservation view) => table.Reserve(view);

    public bool IsFree(SubjectReservation view) => table.Glimpse(view.Subject).IsFree(view, table.IsShared);

    /// <summary>Reserves a view without looking at what is known, so that what is noted stays noted.</summary>
    public void ReserveUnread(SubjectReservation view) => table.Reserve(view, new SubjectCounts());

    /// <summary>How many views of a subject are noted and in no window yet.</summary>
    public int PendingOf(SubjectKey subject) => new SubjectBlock(table.ShardOf(subject).Find(subject)!).Head.Pending;

    public void Settle(SubjectReservation view, Settlement settlement, long now) => table.Settle(view, settlement, now);

    public SubjectReading Read(SubjectKey subject, WindowSet windows, long now) => table.Read(subject, windows, now) ?? SubjectReading.None(windows);

    public bool Grant(SubjectKey subject, WindowSet windows, StepUpOptions stepUp, long now) => table.Grant(subject, windows, stepUp, now);

    public void Forget(SubjectKey subject) => table.Forget(subject, new WindowSet([]), 1_700_000_000_000, isTold: false);
}
