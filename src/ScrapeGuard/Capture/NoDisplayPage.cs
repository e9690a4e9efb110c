namespace ScrapeGuard.Capture;

/// <summary>Metadata that takes an endpoint out, whatever else marks it.</summary>
internal sealed class NoDisplayPage
{
    public static readonly NoDisplayPage Instance = new();
}
