namespace ScrapeGuard.Counting;

/// <summary>
/// Divides by the same number again and again: by a multiplication with its inverse, and a correction by one where that was too much (Granlund and Montgomery,
/// Division by Invariant Integers using Multiplication, 1994).
/// </summary>
/// <param name="by">The number, at least 1.</param>
internal readonly struct Divisor(long by)
{
    // 0 for 1, of which the inverse does not fit.
    private readonly ulong inverse = unchecked((ulong.MaxValue / (ulong)by) + 1);

    public long By { get; } = by;

    /// <summary>The whole quotient of a number.</summary>
    public long Of(long number)
    {
        if (number < 0 || inverse == 0)
            return number / By;
        var quotient = (long)Math.BigMul((ulong)number, inverse, out _);
        return quotient * By > number ? quotient - 1 : quotient;
    }
}
