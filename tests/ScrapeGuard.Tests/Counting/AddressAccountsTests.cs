using CsCheck;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

/// <summary>The only account of an address lies in its block, several in an object aside: nobody is to see the difference.</summary>
public class AddressAccountsTests
{
    private const long Start = 1_700_000_000_000;
    private const long Minute = 60_000;
    private const long Day = SubjectState.NoveltyMilliseconds;

    private static readonly WindowSet Windows = new([new Window(WindowCount.Records, 10 * Minute)]);
    private static readonly SubjectKey Address = new(SubjectType.Address, 7);

    private readonly SubjectShard shard = new(1 << 30);

    private enum Act
    {
        See,
        SeeWarned,
        Learn,
        Wait,
        WaitLong,
        StepBack,
        StepUp,
    }

    private AddressAccounts Accounts => Of(shard);

    private bool HasSide => Block(shard).Head.Side != 0;

    /// <summary>To the two seconds in which they are known exactly, and to the ten in which several are not counted again.</summary>
    [Fact]
    public void Few_accounts_and_plain_ones_are_alike_whatever_the_history()
    {
        var step = Gen.Select(Gen.Frequency((6, Gen.Const(Act.See)), (9, Gen.Enum<Act>())), Gen.ULong[1, 4], Gen.Int[0, 99], Gen.Bool);
        Gen.Select(Gen.ULong[1, 4], step.Array[1, 60]).Sample(
            (most, steps) =>
            {
                var here = new SubjectShard(1 << 30);
                var plain = new ReferenceAccounts();
                var now = Start;
                foreach (var (act, number, amount, isWarned) in steps)
                {
                    var account = 1 + (number % most);
                    switch (act)
                    {
                        case Act.See or Act.SeeWarned:
                            Assert.Equal(plain.See(account, act == Act.SeeWarned, now), Of(here).See(account, act == Act.SeeWarned, now));
                            break;
                        case Act.Learn:
                            var last = now - (amount % 10 * 2 * Minute);
                            var known = new KnownAccount(last - (amount * Day / 50 / 20_000 * 20_000), last, isWarned);
                            plain.Learn(account, known);
                            Of(here).Learn(account, known);
                            break;
                        case Act.Wait:
                            now += amount * 20_000;
                            break;
                        case Act.WaitLong:
                            now += amount * (isWarned ? Day / 2 : Day / 24);
                            break;
                        case Act.StepBack:
                            now -= amount % 10 * 20_000;
                            break;
                        case Act.StepUp:
                            here.SideOf(ref Block(here).Head);
                            break;
                    }

                    AssertAlike(plain, Of(here), now);
                }
            },
            iter: 5_000);
    }

    [Fact]
    public void The_only_account_of_an_address_needs_no_object_aside_and_a_second_does()
    {
        Accounts.See(1, isWarned: false, Start);
        Accounts.See(1, isWarned: true, Start + Minute);
        Accounts.Learn(1, new KnownAccount(Start - Day, Start + (2 * Minute), IsWarned: false));
        Assert.Equal((false, 1), (HasSide, Accounts.Count));
        Accounts.See(2, isWarned: false, Start + (3 * Minute));
        Assert.Equal((true, 2), (HasSide, Accounts.Count));
    }

    [Fact]
    public void An_account_is_known_as_well_as_before_when_a_second_is_seen_or_heard_of()
    {
        foreach (var isHeardOf in new[] { false, true })
        {
            var here = new SubjectShard(1 << 30);
            Of(here).See(1, isWarned: false, Start);
            Of(here).See(1, isWarned: true, Start + Minute);
            Of(here).See(1, isWarned: true, Start + (3 * Minute));
            if (isHeardOf)
                Of(here).Learn(2, new KnownAccount(Start, Start, IsWarned: false));
            else
                Assert.True(Of(here).See(2, isWarned: false, Start + (4 * Minute)));
            Assert.Equal(new KnownAccount(Start, Start + (3 * Minute), IsWarned: true), Of(here).Find(1));
            Assert.Equal([1UL, 2UL], Of(here).All().Select(one => one.Account));
            Assert.Equal((2, 1, 2), (Of(here).Recent(Start + (4 * Minute)), Of(here).InGoodStanding(Start + (4 * Minute)), Of(here).Newcomers(Start + (4 * Minute))));

            // Told when it was warned.
            Assert.False(Of(here).See(1, isWarned: true, Start + (10 * Minute)));
            Assert.True(Of(here).See(1, isWarned: true, Start + (11 * Minute)));
        }
    }

    [Fact]
    public void An_only_account_that_was_not_seen_for_30_days_is_new_again_and_told()
    {
        Accounts.See(1, isWarned: false, Start);
        Assert.Equal((0, 1), (Accounts.Newcomers(Start + Day), Accounts.Known(Start + (30 * Day) - Minute)));
        Assert.Equal((0, 0), (Accounts.Newcomers(Start + (30 * Day)), Accounts.Known(Start + (30 * Day))));
        Assert.True(Accounts.See(1, isWarned: false, Start + (30 * Day)));
        Assert.Equal((1, Start + (30 * Day)), (Accounts.Newcomers(Start + (30 * Day)), Accounts.Find(1)!.Value.First));
    }

    [Fact]
    public void A_step_up_at_an_address_changes_nothing_about_its_account()
    {
        Accounts.See(1, isWarned: false, Start);
        shard.SideOf(ref Block(shard).Head).StepUps.Add(Start);
        Assert.False(Accounts.See(1, isWarned: false, Start + Minute));
        Assert.Equal(new KnownAccount(Start, Start + Minute, IsWarned: false), Accounts.Find(1));
        Assert.Null(shard.SideOf(ref Block(shard).Head).Accounts);
    }

    [Fact]
    public void Nobody_else_has_accounts()
    {
        var session = new SubjectKey(SubjectType.Session, 7);
        var accounts = new AddressAccounts(shard, new SubjectBlock(shard.FindOrAdd(session, Windows, 1, Start)));
        new SubjectBlock(shard.Find(session)!).Add(1, Start, 1);
        accounts.Learn(3, new KnownAccount(Start, Start, IsWarned: false));
        Assert.Equal((0, 0, null), (accounts.Count, accounts.InGoodStanding(Start), accounts.Find(3)));
        Assert.Empty(accounts.All());
    }

    /// <summary>Zero stands for no account.</summary>
    [Fact]
    public void An_account_of_no_name_is_not_learned()
    {
        Accounts.Learn(0, new KnownAccount(Start, Start, IsWarned: false));
        Accounts.See(1, isWarned: false, Start);
        Accounts.Learn(0, new KnownAccount(Start, Start, IsWarned: false));
        Assert.Equal(1, Accounts.Count);
    }

    private static SubjectBlock Block(SubjectShard shard) => new(shard.FindOrAdd(Address, Windows, 1, Start));

    private static AddressAccounts Of(SubjectShard shard) => new(shard, Block(shard));

    private static void AssertAlike(ReferenceAccounts plain, AddressAccounts packed, long now)
    {
        Assert.Equal(plain.Count, packed.Count);
        for (var account = 1UL; account <= 4; account++)
            Assert.Equal(plain.Find(account), packed.Find(account));
        Assert.Equal(
            (plain.InGoodStanding(now), plain.Recent(now), plain.Newcomers(now), plain.Known(now)),
            (packed.InGoodStanding(now), packed.Recent(now), packed.Newcomers(now), packed.Known(now)));
        Assert.Equal(plain.Count, packed.All().Count(one => plain.Find(one.Account) == one.Known));
    }
}
