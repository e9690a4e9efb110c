using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ScrapeGuard.Counting;

/// <summary>
/// SipHash-2-4 with 64 and with 128 bits of output: a keyed pseudo-random function made for short inputs (Aumasson and Bernstein, 2012). Who has no key can
/// neither find two inputs that collide nor tell an input from its hash.
/// </summary>
internal readonly struct SipHash(ulong k0, ulong k1)
{
    private readonly ulong k0 = k0;
    private readonly ulong k1 = k1;

    public SipHash(ReadOnlySpan<byte> key)
        : this(MemoryMarshal.Read<ulong>(key), MemoryMarshal.Read<ulong>(key[8..]))
    {
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ulong Hash64(ReadOnlySpan<byte> data)
    {
        var state = new State(k0, k1);
        state.Absorb(data);
        state.V2 ^= 0xff;
        return state.Squeeze();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public UInt128 Hash128(ReadOnlySpan<byte> data)
    {
        var state = new State(k0, k1);
        state.V1 ^= 0xee;
        state.Absorb(data);
        state.V2 ^= 0xee;
        var low = state.Squeeze();
        state.V1 ^= 0xdd;
        return new UInt128(state.Squeeze(), low);
    }

    /// <summary>Text as .NET holds it: UTF-16, little-endian.</summary>
    public ulong Hash64(ReadOnlySpan<char> text) => Hash64(MemoryMarshal.AsBytes(text));

    public UInt128 Hash128(ReadOnlySpan<char> text) => Hash128(MemoryMarshal.AsBytes(text));

    /// <summary>A function of its own for a purpose: keyed with the hash of its name.</summary>
    public SipHash For(ReadOnlySpan<char> purpose)
    {
        var key = Hash128(purpose);
        return new SipHash((ulong)key, (ulong)(key >> 64));
    }

    /// <summary>
    /// All of it is inlined into the two functions, as its four words are in registers then: in memory each step would wait for the one before to be stored.
    /// They are inlined nowhere, where registers run short or the runtime stops inlining half way.
    /// </summary>
    private struct State(ulong k0, ulong k1)
    {
        private ulong v0 = k0 ^ 0x736f6d6570736575;
        private ulong v3 = k1 ^ 0x7465646279746573;

        public ulong V1 = k1 ^ 0x646f72616e646f6d;
        public ulong V2 = k0 ^ 0x6c7967656e657261;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Absorb(ReadOnlySpan<byte> data)
        {
            var last = (ulong)data.Length << 56;
            foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
            {
                v3 ^= word;
                Round();
                Round();
                v0 ^= word;
            }

            var rest = data[(data.Length & ~7)..];
            for (var index = 0; index < rest.Length; index++)
                last |= (ulong)rest[index] << (8 * index);
            v3 ^= last;
            Round();
            Round();
            v0 ^= last;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Squeeze()
        {
            for (var round = 0; round < 4; round++)
                Round();
            return v0 ^ V1 ^ V2 ^ v3;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Round()
        {
            v0 += V1;
            V1 = BitOperations.RotateLeft(V1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            V2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ V2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            V2 += V1;
            V1 = BitOperations.RotateLeft(V1, 17) ^ V2;
            V2 = BitOperations.RotateLeft(V2, 32);
        }
    }
}
