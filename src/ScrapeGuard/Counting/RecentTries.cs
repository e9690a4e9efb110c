namespace ScrapeGuard.Counting;

/// <summary>The numbers that were tried last, and from where: a newer try takes the place of an older one. Whoever calls keeps others out.</summary>
internal sealed class RecentTries
{
    private const int Most = 1 << 15;

    /// <summary>How far a number may lie from one that links it: who leaves out every other one, or three of four, reads a sequence all the same.</summary>
    private const int Near = 4;

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
            position &= SweepWatch.Width - 1;
            ref var other = ref tries[PlaceOf(range, position)];
            if (other.Range == range && other.Position == position && other.Who != who && range != 0 && Math.Abs(now - other.At) < moment)
                return true;
        }

        return false;
    }

    public void Add(in TriedNumber number, ushort who, long at)
    {
        if (tries.Length == 0)
            tries = new Try[Most];
        tries[PlaceOf(number.Range, number.Position)] = new Try { Range = number.Range, Position = (byte)number.Position, Who = who, At = at };
    }

    private static int PlaceOf(ulong range, int position) => (int)((range + ((ulong)position * 0x9E37_79B9_7F4A_7C15)) % Most);

    private struct Try
    {
        public ulong Range;
        public long At;
        public ushort Who;
        public byte Position;
    }
}
