using CsCheck;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

public class SubjectIndexTests
{
    /// <summary>Few enough that each is added and removed many times, and with hashes that crowd at the end of the index and share their tags.</summary>
    private const int Subjects = 120;

    private static readonly SubjectKey[] Keys = [.. Enumerable.Range(0, Subjects).Select(KeyOf)];

    [Fact]
    public void Whatever_is_added_replaced_and_removed_everybody_is_found_as_in_a_dictionary()
    {
        var act = Gen.Select(Gen.Int[0, Subjects - 1], Gen.Int[0, 4]);
        act.Array[1, 600].Sample(
            acts =>
            {
                var index = new SubjectIndex();
                var oracle = new Dictionary<SubjectKey, byte[]>();
                foreach (var (which, what) in acts)
                    Act(index, oracle, Keys[which], what);
                Assert.Equal(oracle.Count, index.Count);
                Assert.All(Keys, key => Assert.Same(oracle.GetValueOrDefault(key), index.Find(key)));
                Assert.All(Keys, key => Assert.Equal(oracle.ContainsKey(key), IsSeen(index, key)));
            },
            iter: 300);
    }

    [Fact]
    public async Task Who_is_there_all_the_time_is_seen_without_the_lock_while_others_come_and_go()
    {
        var index = new SubjectIndex();
        using (index.Enter())
            index.Add(Keys[0], BlockOf(Keys[0]));
        using var done = new CancellationTokenSource();
        var looking = Task.Run(
            () =>
            {
                var (seen, missed) = (0, 0);
                while (!done.IsCancellationRequested || seen == 0)
                {
                    // Whoever does not see somebody without the lock looks again with it.
                    if (IsSeen(index, Keys[0]))
                        seen++;
                    else if (++missed % 64 == 0)
                        Thread.Yield();
                }

                return seen;
            },
            TestContext.Current.CancellationToken);
        for (var round = 0; round < 300; round++)
        {
            foreach (var key in Keys.Skip(1))
            {
                using (index.Enter())
                    index.Add(key, BlockOf(key));
            }

            foreach (var key in Keys.Skip(1))
            {
                using (index.Enter())
                    index.Remove(key);
            }

            using (index.Enter())
                Assert.NotNull(index.Find(Keys[0]));
        }

        await done.CancelAsync();
        Assert.True(await looking > 0);
        Assert.True(IsSeen(index, Keys[0]));
    }

    private static void Act(SubjectIndex index, Dictionary<SubjectKey, byte[]> oracle, SubjectKey key, int what)
    {
        using (index.Enter())
        {
            if (!oracle.ContainsKey(key) && what < 3)
                index.Add(key, oracle[key] = BlockOf(key));
            else if (oracle.ContainsKey(key) && what == 0)
                index.Replace(key, oracle[key] = BlockOf(key));
            else if (oracle.Remove(key))
                index.Remove(key);
        }
    }

    private static bool IsSeen(SubjectIndex index, SubjectKey key) => index.Glimpse(key, isSure: true) is { IsSomebody: true };

    private static byte[] BlockOf(SubjectKey key)
    {
        var block = new byte[SubjectBlock.SizeOf(key.Type, windows: 0, SubjectBlock.SmallestCapacity)];
        new SubjectBlock(block).Head = new SubjectHead { High = (ulong)(key.Hash >> 64), Low = (ulong)key.Hash, Type = key.Type };
        return block;
    }

    private static SubjectKey KeyOf(int number)
    {
        var random = new Random(number);

        // The bits that tell where somebody is looked for first, and the tag: of every second one near the end, and one of two tags.
        var home = number % 2 == 0 ? 0xFFFF_0000_0000UL | ((ulong)(uint)random.Next() & 0xFFFF_0000) : (ulong)random.NextInt64();
        return new SubjectKey((SubjectType)(number % 3), new UInt128(((ulong)random.NextInt64() << 8) | (uint)(number % 4 < 2 ? 3 : 0x81), home));
    }
}
