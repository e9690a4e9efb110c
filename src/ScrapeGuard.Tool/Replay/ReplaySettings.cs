using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ScrapeGuard.Tool.Replay.Pages;

namespace ScrapeGuard.Tool.Replay;

/// <summary>The portal's settings, as far as they judge. Its keys and its Redis are not needed: a replay hashes with a key of its own and counts alone.</summary>
/// <param name="Configure">Changes the default settings.</param>
/// <param name="Current">What comes of it.</param>
/// <param name="Note">What a person should know of the file; null for nothing.</param>
internal sealed record ReplaySettings(Action<ScrapeGuardOptions> Configure, Settings Current, string? Note = null)
{
    private const string Section = "ScrapeGuard";

    private static readonly string[] Options = [.. typeof(ScrapeGuardOptions).GetProperties().Select(property => property.Name)];

    /// <summary>The display pages that the settings name; null where they name none.</summary>
    public PortalPages? Pages => Current.Options.Pages.Count == 0 ? null : new PortalPages(Current.Pages);

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
            return Read(path);
        }
        catch (OptionsValidationException exception)
        {
            problems = [.. exception.Failures.Select(failure => $"{path}: {failure}")];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            problems = [$"--config {path} {WhatIsWrong(path, exception)}"];
        }

        return null;
    }

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

    private static ReplaySettings Read(string path)
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
        var isEmpty = !section.GetChildren().Any();
        return new ReplaySettings(Configure, guard.Settings, isEmpty ? $"--config {path} sets nothing: the default settings hold." : null);
    }

    /// <summary>The section; or the whole file, where it is empty or names an option by itself: then what is no option beside it is refused.</summary>
    private static IConfiguration SectionOf(IConfigurationRoot file)
    {
        string[] names = [.. file.GetChildren().Select(child => child.Key)];
        if (names.Contains(Section, StringComparer.OrdinalIgnoreCase))
            return file.GetSection(Section);
        if (names.Length > 0 && !names.Intersect(Options, StringComparer.OrdinalIgnoreCase).Any())
            throw new FormatException($"It has no section {Section} and is none by itself: it has {string.Join(", ", names)}.");
        return file;
    }

    private static string WhatIsWrong(string path, Exception exception) => exception switch
    {
        _ when Directory.Exists(path) => "is a directory; name the file in it",
        FileNotFoundException or DirectoryNotFoundException => "does not exist",
        UnauthorizedAccessException => "may not be read by this user; allow it, or run the command as a user who may",
        _ => $"cannot be read: {exception.GetBaseException().Message}",
    };
}
