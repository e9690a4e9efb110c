using CsCheck;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

/// <summary>The records of a subject, few and many, against a dictionary of when each was shown last.</summary>
public class SubjectBlockTests
{
    private const long Start = 1_000_000 * SubjectBlock.TickMilliseconds;
    private const int Kinds = 8;

    private enum Act
    {
        Show,
        ShowOften,
        Ask,
        Expire,
        Trim,
        Clear,
        Resize,
        Wait,
    }

    [Theory]
    [InlineData(4)]
    [InlineData(33)]
    [InlineData(34)]
    [InlineData(150)]
    public void Records_are_known_for_a_day_and_no_longer(int capacity)
    {
        // Many to show and few to take away, so that the block fills; ids close together, as counters are.
        var act = Gen.Select(Gen.Int[0, 23], Gen.Int[1, capacity * 3], Gen.Int[0, 2000]);
        act.Array[0, 400].Sample(acts => Replay(capacity, acts), iter: 400);
    }

    /// <summary>A wider block is asked for in the middle of a view, which has found the place of its record by then.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    public void A_block_as_large_has_all_records_in_their_places(int capacity)
    {
        for (var round = 0; round < 100; round++)
        {
            var block = Create(capacity);
            for (var record = 1ul; !block.IsFull; record++)
                block.Add(record + ((ulong)round * 1000), Start, 1);
            for (var record = 1ul; record < 5; record++)
                block.Find(record + ((ulong)round * 1000), Start + SubjectState.NoveltyMilliseconds);
            for (var record = 100ul; !block.IsFull; record++)
                block.Add(record + ((ulong)round * 1000), Start, 1);
            Assert.Equal(block.Records, Copy(block, capacity).Records);
        }
    }

    private static void Replay(int capacity, (int Kind, int Record, int Ticks)[] acts)
    {
        var block = Create(capacity);
        var shown = new Dictionary<ulong, long>();
        var now = Start;
        var expired = now;
        foreach (var (kind, id, ticks) in acts)
        {
            var record = (ulong)id;
            switch ((Act)Math.Min(Kinds - 1, Math.Max(0, kind - 14)))
            {
                case Act.Show or Act.ShowOften:
                    Show(ref block, shown, record, now);
                    break;
                case Act.Ask:
                    Forget(shown, now);
                    Assert.Equal(shown.ContainsKey(record), block.Find(record, now) >= 0);
                    break;
                case Act.Expire:
                    Forget(shown, now);
                    block.Expire(now);
                    Assert.Equal(shown.Count, block.Head.Shown);
                    break;
                case Act.Trim:
                    Trim(block, shown, now);
                    break;
                case Act.Clear when ticks == 0:
                    shown.Clear();
                    block.ClearRecords();
                    break;
                case Act.Resize:
                    block = Copy(block, block.Head.Capacity + (ticks % 40));
                    break;
                case Act.Wait:
                    now += ticks * SubjectBlock.TickMilliseconds;

                    // A subject that is seen expires what it holds; times are kept for three days at most.
                    if (now - expired < SubjectState.NoveltyMilliseconds / 2)
                        break;
                    expired = now;
                    block.Expire(now);
                    break;
            }
        }

        Forget(shown, now);
        block.Expire(now);
        Assert.Equal(shown.OrderBy(pair => pair.Key), RecordsOf(block, now).OrderBy(pair => pair.Key));
        foreach (var record in shown.Keys)
            Assert.True(block.WasDisplayedHere(record, now, 1));
    }

    private static void Show(ref SubjectBlock block, Dictionary<ulong, long> shown, ulong record, long now)
    {
        if (block.Find(record, now) is >= 0 and var place)
        {
            block.Renew(place, now, 1 | SubjectBlock.IsOwn);
        }
        else
        {
            if (block.IsFull)
                block = Copy(block, block.Head.Capacity + 7);
            block.Add(record, now, 1 | SubjectBlock.IsOwn);
        }

        shown[record] = now;
    }

    private static void Trim(SubjectBlock block, Dictionary<ulong, long> shown, long now)
    {
        // Of those shown at one time any may go.
        Forget(shown, now);
        block.Expire(now);
        var most = Math.Max(1, block.Head.Shown - 3);
        block.Trim(most, now);
        var left = RecordsOf(block, now);
        Assert.Equal(Math.Min(most, shown.Count), left.Count);
        var oldest = left.Values.DefaultIfEmpty(now).Min();
        foreach (var (record, at) in shown.ToArray())
        {
            if (left.ContainsKey(record))
                continue;
            Assert.True(at <= oldest);
            shown.Remove(record);
        }
    }

    private static void Forget(Dictionary<ulong, long> shown, long now)
    {
        foreach (var (record, at) in shown.ToArray())
        {
            if (now - at >= SubjectState.NoveltyMilliseconds)
                shown.Remove(record);
        }
    }

    private static Dictionary<ulong, long> RecordsOf(SubjectBlock block, long now)
    {
        var records = new Dictionary<ulong, long>();
        for (var place = 0; place < block.Places; place++)
        {
            if (block.Records[place] != 0)
                records.Add(block.Records[place], block.TimeOf(place, now));
        }

        Assert.Equal(block.Head.Shown, records.Count);
        return records;
    }

    private static SubjectBlock Create(int capacity)
    {
        var block = new SubjectBlock(new byte[SubjectBlock.SizeOf(SubjectType.Account, 0, capacity)]);
        block.Head.Type = SubjectType.Account;
        block.Head.Capacity = (ushort)capacity;
        return block;
    }

    private static SubjectBlock Copy(SubjectBlock block, int capacity)
    {
        var copy = Create(capacity);
        block.CopyTo(copy, 0, capacity, isWide: false);
        return copy;
    }
}
