using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ScrapeGuard.Counting;

/// <summary>The numbers that were tried last, and from where: a newer try takes the place of an older one. Whoever calls keeps others out.</summary>
internal sealed class RecentTries
{
    private const int Most = 1 << 15;

    /// <summary>How far a number may lie from one that links it: who leaves out every other one, or three of four, reads a sequence all the same.</summary>
    private const int Near = 4;

    /// <summary>So many numbers side by side lie together in memory, as all near a number are looked for.</summary>
    private const int Together = 4;

    // Made when a number is tried: many portals have none.
    private Try[] tries = [];

    /// <summary>Whether a number beside was tried from another address, at most a moment before or after.</summary>
    public bool Links(in TriedNumber number, ushort who, long now, long moment)
    {
        for (var step = -Near; step <= Near && tries.Length > 0; step++)
        {
            if (step == 0)
                continue;
            var position = number.Position + step;
            var range = position < 0 ? number.Below : position >= SweepWatch.Width ? number.Above : number.Range;
            if (range == 0)
                continue;
            position &= SweepWatch.Width - 1;
            ref readonly var other = ref tries[PlaceOf(range, position, out var name)];
            if (other.Name == name && other.Who != who && Math.Abs(now - other.At) < moment)
                return true;
        }

        return false;
    }

    /// <summary>Has the place of a number brought nearer, and those before and after it; without anybody being kept out.</summary>
    public unsafe void Prefetch(in TriedNumber number)
    {
        var known = tries;
        for (var step = -Near; step <= Near && known.Length > 0 && Sse.IsSupported; step += Near)
        {
            var position = number.Position + step;
            var range = position < 0 ? number.Below : position >= SweepWatch.Width ? number.Above : number.Range;
            Sse.Prefetch0(Unsafe.AsPointer(ref known[PlaceOf(range, position & (SweepWatch.Width - 1), out _)]));
        }
    }

    public void Add(in TriedNumber number, ushort who, long at)
    {
        if (tries.Length == 0)
            tries = new Try[Most];
        ref var place = ref tries[PlaceOf(number.Range, number.Position, out var name)];
        place = new Try(name, at, who);
    }

    /// <param name="range">The range of a number, as good as random.</param>
    /// <param name="position">Its position there.</param>
    /// <param name="name">What tells it, where it lies, from all others.</param>
    private static int PlaceOf(ulong range, int position, out ulong name)
    {
        // Never negative, and as a number without a sign divided by a shift alone.
        var inRange = (uint)position;
        name = range + (inRange / Together * 0x9E37_79B9_7F4A_7C15);
        return ((int)(name % (Most / Together)) * Together) + (int)(inRange % Together);
    }

    private readonly struct Try(ulong name, long at, ushort who)
    {
        // The time in milliseconds, and below it who.
        private readonly ulong atAndWho = ((ulong)at << 16) | who;

        public ulong Name => name;

        public long At => (long)(atAndWho >> 16);

        public ushort Who => (ushort)atAndWho;
    }
}
