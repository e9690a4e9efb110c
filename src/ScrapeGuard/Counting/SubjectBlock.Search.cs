using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ScrapeGuard.Counting;

/// <summary>Where a record lies.</summary>
internal readonly ref partial struct SubjectBlock
{
    private int Find(Span<ulong> records, ulong record) =>
        records.Length <= MostInRow ? records[..Math.Min(Head.Shown, records.Length)].IndexOf(record) : FindScattered(records, record);

    /// <summary>Four places at a time: where seven of eight are taken, as they may be, it is far to the next that is free.</summary>
    private static int FindScattered(Span<ulong> records, ulong record)
    {
        ref var first = ref MemoryMarshal.GetReference(records);
        var sought = Vector256.Create(record);
        var place = Home(record, records.Length);
        for (var looked = 0; looked < records.Length;)
        {
            // The last few of the row one by one.
            var isTogether = place <= records.Length - Vector256<ulong>.Count;
            var ends = isTogether ? EndsOf(Vector256.LoadUnsafe(ref first, (nuint)place), sought) : records[place] == record || records[place] == 0 ? 1u : 0;
            if (ends != 0)
            {
                place += BitOperations.TrailingZeroCount(ends);
                return records[place] == record && record != 0 ? place : -1;
            }

            var steps = isTogether ? Vector256<ulong>.Count : 1;
            (place, looked) = (After(place + steps - 1, records.Length), looked + steps);
        }

        return -1;
    }

    /// <summary>Where a search ends: with the record, or at a free place.</summary>
    private static uint EndsOf(Vector256<ulong> four, Vector256<ulong> sought) =>
        (Vector256.Equals(four, sought) | Vector256.Equals(four, Vector256<ulong>.Zero)).ExtractMostSignificantBits();

    private static int Home(ulong record, int length) => (int)((record * 0x9E37_79B9_7F4A_7C15 >> 32) * (ulong)length >> 32);

    private static int After(int place, int length) => place + 1 == length ? 0 : place + 1;
}
