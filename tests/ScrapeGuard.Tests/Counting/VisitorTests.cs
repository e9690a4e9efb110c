using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

/// <summary>What an address knows in its block of the account seen last there.</summary>
public class VisitorTests
{
    private const long Now = 1_700_000_000_000;
    private const long Minute = 60_000;

    private static readonly WindowSet Windows = new([new Window(WindowCount.Records, 10 * Minute, Charge: WindowCharge.All)]) { Calm = [1000] };
    private static readonly SubjectKey Address = new(SubjectType.Address, 7);

    private readonly SubjectTable table = new(64 << 20);
    private ulong lastId;

    private SubjectShard Shard => table.ShardOf(Address);

    [Fact]
    public void A_view_by_the_only_account_of_an_address_is_let_by_for_an_hour_while_it_is_in_good_standing()
    {
        View(1, Now);
        Assert.True(IsFree(1, Now + Minute));
        Assert.False(IsFree(2, Now + Minute));
        Assert.False(IsFree(1, Now + (61 * Minute)));
        table.Warn(Address, Windows, account: 1, Now + Minute);
        Assert.False(IsFree(1, Now + Minute), "warned");
        View(1, Now + (2 * Minute));
        Assert.True(IsFree(1, Now + (2 * Minute)), "in good standing again");
    }

    [Fact]
    public void Of_several_accounts_the_one_seen_last_is_let_by()
    {
        View(1, Now);
        View(2, Now);
        Assert.Equal((false, true), (IsFree(1, Now), IsFree(2, Now)));
        View(1, Now);
        Assert.Equal((true, false), (IsFree(1, Now), IsFree(2, Now)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void When_another_node_tells_of_an_account_the_next_view_is_looked_at(ulong account)
    {
        View(1, Now);
        using (Shard.Enter())
            new AddressAccounts(Shard, new SubjectBlock(Shard.Find(Address)!)).Learn(account, new KnownAccount(Now, Now + Minute, IsWarned: false));
        Assert.False(IsFree(1, Now + Minute));
        View(1, Now + Minute);
        Assert.True(IsFree(1, Now + Minute));
    }

    [Fact]
    public void What_is_known_of_an_account_stays_as_the_block_grows_and_windows_change()
    {
        for (var record = 1UL; record <= 60; record++)
            View(1, Now, record);
        var others = new WindowSet([new Window(WindowCount.Views, Minute), Windows[0]]);
        Assert.Equal((1, 1), (table.Read(Address, others, Now)!.GoodAccounts, table.Read(Address, others, Now)!.KnownAccounts));
    }

    [Fact]
    public void An_address_that_knows_an_account_is_not_forgotten_as_one_that_was_looked_up_in_vain()
    {
        table.Settle(Reservation(account: 1, Now, 5), new Settlement(Outcome.Released), Now);
        table.ForgetUnknown(Address);
        Assert.False(table.IsTracked(Address), "nothing is known of it");
        var view = Reservation(account: 1, Now, 5);
        table.Reserve(view, new SubjectCounts());
        table.Settle(view, new Settlement(Outcome.Released), Now);
        table.ForgetUnknown(Address);
        Assert.Equal(1, table.Read(Address, Windows, Now)?.KnownAccounts);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    [InlineData(9, 0)]
    [InlineData(9, 3)]
    public void Whoever_comes_and_is_forgotten_leaves_the_account_of_bytes_as_it_was(int accounts, int stepUps)
    {
        ComeAndGo();

        // What is kept for whoever comes next is there from now on.
        var before = table.Bytes;
        ComeAndGo();
        Assert.Equal(before, table.Bytes);

        void ComeAndGo()
        {
            for (var account = 1; account <= accounts; account++)
                View((ulong)account, Now);
            for (var stepUp = 0; stepUp < stepUps; stepUp++)
                table.Grant(Address, Windows, new StepUpOptions { MaxPerDay = 9 }, Now);
            using (Shard.Enter())
                Shard.Remove(Address);
        }
    }

    /// <summary>Of somebody known at the address nothing is reserved there, and what the view and its novel record count in is noted.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Novel_records_that_are_noted_are_counted_once_somebody_looks(bool isReloaded)
    {
        var raw = new WindowSet([new Window(WindowCount.RawViews, 24 * 60 * Minute), new Window(WindowCount.RawRecords, 24 * 60 * Minute)]);
        var reloaded = new WindowSet([new Window(WindowCount.Views, Minute), raw[1], raw[0]]);
        Show(isFree: false);
        for (var view = 0; view < 70; view++)
            Show(isFree: true);
        using (Shard.Enter())
        {
            var head = new SubjectBlock(Shard.Find(Address)!).Head;
            Assert.InRange(head.PendingRecords, 1, head.Pending);
        }

        var windows = isReloaded ? reloaded : raw;
        var reading = table.Read(Address, windows, Now)!;
        Assert.Equal((71, 71), (reading.Counts[windows.IndexOf(raw[0])].Settled.Total, reading.Counts[windows.IndexOf(raw[1])].Settled.Total));

        void Show(bool isFree)
        {
            var view = Reservation(account: 1, Now, record: lastId) with { Windows = raw, Charge = 0, IsFree = isFree };
            if (!isFree)
                table.Reserve(view, new SubjectCounts());
            table.Settle(view, new Settlement(Outcome.Displayed, RawRecords: 1), Now);
        }
    }

    private bool IsFree(ulong account, long now) => table.Glimpse(Address).IsFree(Reservation(account, now, record: 1), isShared: false);

    private void View(ulong account, long now, ulong record = 1)
    {
        var view = Reservation(account, now, record);
        table.Reserve(view, new SubjectCounts());
        table.Settle(view, new Settlement(Outcome.Displayed), now);
    }

    private SubjectReservation Reservation(ulong account, long now, ulong record) => new()
    {
        Subject = Address,
        Windows = Windows,
        Id = ++lastId,
        At = now,
        Charge = 1,
        Account = account,
        Records = [record],
    };
}
