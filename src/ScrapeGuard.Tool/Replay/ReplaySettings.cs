using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ScrapeGuard.Tool.Replay.Pages;

namespace ScrapeGuard.Tool.Replay;

/// <summary>The portal's settings, as far as they judge. Its keys and its Redis are not needed: a replay hashes with a key of its own and counts alone.</summary>
/// <param name="Configure">Changes the default settings.</param>
/// <param name="Current">What comes of it.</param>
internal sealed record ReplaySettings(Action<ScrapeGuardOptions> Configure, Settings Current)
{
    private const string Section = "ScrapeGuard";

    /// <summary>The settings of a file; or null, and every problem of it.</summary>
    /// <param name="path">The file, an appsettings.json with a section ScrapeGuard, or that section by itself; null for the defaults.</param>
    /// <param name="problems">Each names the option, the value and the remedy.</param>
    public static ReplaySettings? TryRead(string? path, out IReadOnlyList<string> problems)
    {
        problems = [];
        if (path is null)
            return new ReplaySettings(_ => { }, new Settings(new ScrapeGuardOptions()));
        try
        {
            using var file = File.OpenRead(path);
            var section = SectionOf(new ConfigurationBuilder().AddJsonStream(file).Build());
            void Configure(ScrapeGuardOptions options)
            {
                ScrapeGuardOptionsReader.Read(section, options);
                options.Keys.Clear();
                options.Redis.Configuration = null;
            }

            // Made once to have it complain now, before anything is read.
            using var guard = new OfflineGuard(Configure, DateTimeOffset.UnixEpoch);
            return new ReplaySettings(Configure, guard.Settings);
        }
        catch (OptionsValidationException exception)
        {
            problems = [.. exception.Failures.Select(failure => $"{path}: {failure}")];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            problems = [$"--config {path} cannot be read: {exception.GetBaseException().Message}"];
        }

        return null;
    }

    /// <summary>The display pages that the settings name; null where they name none.</summary>
    public PortalPages? Pages => Current.Options.Pages.Count == 0 ? null : new PortalPages(Current.Pages);

    /// <summary>The options that hold for one kind of record, and which.</summary>
    public IEnumerable<(string Option, string Kind)> OfKinds()
    {
        foreach (var (name, limit) in Current.Options.Limits)
        {
            if (limit is { Kind: { } kind, Max: > 0 })
                yield return ($"Limits:{name}", kind);
        }

        if (Current.Canary is null)
            yield break;
        foreach (var kind in Current.Options.Signals.Canary.Records.Where(records => records.Value.Count > 0).Select(records => records.Key))
            yield return ($"Signals:Canary:Records:{kind}", kind);
    }

    /// <summary>The section, or the whole file where it has none: then it is the section, and what is no option in it is refused.</summary>
    private static IConfiguration SectionOf(IConfigurationRoot file) =>
        file.GetChildren().Any(child => child.Key.Equals(Section, StringComparison.OrdinalIgnoreCase)) ? file.GetSection(Section) : file;
}
