namespace ScrapeGuard;

/// <summary>A secret from which one sub-key per purpose is derived. Make one with <c>scrapeguard new-key</c> and keep it in a vault.</summary>
public sealed class KeyOptions
{
    /// <summary>At least 32 random bytes in base64.</summary>
    public string Value { get; set; } = "";

    /// <summary>The moment from which this key is current. Default: always. A date without an offset is UTC.</summary>
    public DateTimeOffset From { get; set; } = DateTimeOffset.MinValue;
}
