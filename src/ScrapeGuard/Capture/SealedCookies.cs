using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Capture;

/// <summary>
/// Session cookies whose seal was found good once: checking one costs more than all the rest of a view. They are remembered by a hash that nobody outside
/// can aim at, four to a place, so that tens of thousands of clients who come in turn do not displace each other.
/// </summary>
internal sealed class SealedCookies
{
    private const int Ways = 4;
    private const int Places = 1 << 14;

    private readonly SipHash hashing = new(RandomNumberGenerator.GetBytes(16));
    private readonly ulong[] hashes = new ulong[Places * Ways];

    /// <summary>What a cookie is remembered by. The place where it would be is brought nearer, as it comes from far away.</summary>
    public unsafe ulong Seek(ReadOnlySpan<byte> cookie)
    {
        // Zero stands for none.
        var hash = hashing.Hash64(cookie) | 1;
        if (Sse.IsSupported)
        {
            ref var first = ref hashes[PlaceOf(hash)];
            Sse.Prefetch0(Unsafe.AsPointer(ref first));
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, Ways - 1)));
        }

        return hash;
    }

    public bool Contains(ulong hash)
    {
        var place = PlaceOf(hash);
        for (var way = 0; way < Ways; way++)
        {
            if (Volatile.Read(ref hashes[place + way]) == hash)
                return true;
        }

        return false;
    }

    public void Add(ulong hash)
    {
        var place = PlaceOf(hash);
        var way = 0;
        while (way < Ways && Volatile.Read(ref hashes[place + way]) != 0)
            way++;

        // Where all are taken, any of them goes: who is forgotten is checked once more.
        Volatile.Write(ref hashes[place + (way < Ways ? way : (int)(hash >> 32) & (Ways - 1))], hash);
    }

    private static int PlaceOf(ulong hash) => (int)(hash >> 50) * Ways;
}
