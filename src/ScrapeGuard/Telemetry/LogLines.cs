using System.Globalization;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;

namespace ScrapeGuard.Telemetry;

/// <summary>The two lines that fail2ban and log shippers read. An interface: the address stands before anything a client can influence.</summary>
internal static class LogLines
{
    public static string Blocked(Block block) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Time(block.Since)} scrapeguard[blocked] client={block.Value} subject=address cause={block.Cause} records={block.Records} seconds={(block.Until - block.Since) / 1000}");

    public static string Refused(long at, SubjectKey subject, string cause, Verdict verdict, ScrapeGuardMode mode) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Time(at)} scrapeguard[refused] subject={subject.Type.ToString().ToLowerInvariant()} cause={cause} verdict={verdict} mode={mode} reference={subject.Reference}");

    private static string Time(long at) => GuardClock.At(at).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
