using System.Text.Encodings.Web;
using System.Text.Json;
using ScrapeGuard.Tool.Replay.Judging;

namespace ScrapeGuard.Tool.Replay.Report;

/// <summary>The report for other programs. Names, once given, stay.</summary>
internal static class JsonReport
{
    // It is no part of a page: user agents stay legible.
    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream output, ReplayResult result)
    {
        using var json = new Utf8JsonWriter(output, Layout);
        json.WriteStartObject();
        json.WriteNumber("files", result.Files);
        json.WriteNumber("lines", result.Read.Lines);
        json.WriteNumber("badLines", result.Read.BadLines);
        json.WriteNumber("lateViews", result.Late);
        json.WriteNumber("views", result.Views);
        json.WriteNumber("addresses", result.Tallies.AddressCount);
        Write(json, "from", result.First);
        Write(json, "to", result.Last);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 3));
        WriteWhatIsMissing(json, result);
        json.WriteStartArray("clients");
        foreach (var tally in result.Accused.Concat(result.Others))
            Write(json, tally);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteWhatIsMissing(Utf8JsonWriter json, ReplayResult result)
    {
        json.WriteBoolean("isStopped", result.IsStopped);
        json.WriteStartArray("problems");
        foreach (var problem in result.Read.Problems)
            json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteStartObject("leftOut");
        json.WriteNumber("clients", result.Tallies.Forgotten);
        json.WriteNumber("withVerdict", result.Tallies.ForgottenAccused);
        json.WriteNumber("mostViews", result.Tallies.ForgottenViews);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Tally tally)
    {
        json.WriteStartObject();
        json.WriteString("client", tally.Name);
        json.WriteString("userAgent", tally.UserAgent);
        json.WriteNumber("views", tally.Views);
        json.WriteNumber("records", tally.Records.Count);
        json.WriteNumber("misses", tally.Misses);
        json.WriteString("verdict", tally.Verdict.ToString());
        json.WriteString("cause", tally.First?.Cause);
        Write(json, "at", tally.First?.At);
        json.WriteNumber("recordsBefore", tally.First?.Records ?? tally.Records.Shown);
        json.WriteNumber("recordsAfter", tally.Records.Kept);
        Write(json, "stepUp", tally.StepUp);
        Write(json, "block", tally.Block);
        if (tally.Records.IsCut)
            json.WriteBoolean("isAtLeast", true);
        json.WriteEndObject();
    }

    /// <summary>The first of each, where there were both.</summary>
    private static void Write(Utf8JsonWriter json, string name, Accusation? accusation)
    {
        if (accusation is null)
            return;
        json.WriteStartObject(name);
        json.WriteString("cause", accusation.Cause);
        Write(json, "at", accusation.At);
        json.WriteNumber("recordsBefore", accusation.Records);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, DateTimeOffset? at)
    {
        if (at is { } moment)
            json.WriteString(name, moment.UtcDateTime);
        else
            json.WriteNull(name);
    }
}
