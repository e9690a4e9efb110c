using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>Looks at a StackExchange.Redis configuration string before anything connects with it.</summary>
internal static class RedisConfigurationText
{
    private const string Remedy = "write HOST:PORT and options of StackExchange.Redis, such as redis:6379,ssl=true,password=...";

    /// <summary>What is wrong with the text and how to write it; null when nothing is. Never repeats any of it: it may hold a password.</summary>
    public static string? FindProblem(string configuration)
    {
        try
        {
            return ConfigurationOptions.Parse(configuration).EndPoints.Count > 0 ? null : $"names no endpoint; {Remedy}";
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            // The message of the exception is left out as well: a comma in a password makes it quote the rest of it.
            return $"is not understood; {Remedy}";
        }
    }
}
