using System.Globalization;

namespace ScrapeGuard.Enforcement;

/// <summary>The values of the header <c>Retry-After</c>, each written once where it is short of an hour: a flood asks for the same second thousands of times.</summary>
internal static class RetryAfter
{
    private static readonly string?[] Written = new string?[3601];

    /// <summary>At least one second.</summary>
    public static string Text(long seconds)
    {
        var shown = Math.Max(1, seconds);
        return shown < Written.Length ? Written[shown] ??= Write(shown) : Write(shown);
    }

    private static string Write(long seconds) => seconds.ToString(CultureInfo.InvariantCulture);
}
