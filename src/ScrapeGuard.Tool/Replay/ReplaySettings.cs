using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ScrapeGuard.Tool.Replay;

/// <summary>The portal's settings, as far as they judge. Its keys and its Redis are not needed: a replay hashes with a key of its own and counts alone.</summary>
internal static class ReplaySettings
{
    private const string Section = "ScrapeGuard";

    /// <summary>What changes the default settings as the file says; or null, and every problem of it.</summary>
    /// <param name="path">The file, an appsettings.json with a section ScrapeGuard, or that section by itself; null for the defaults.</param>
    /// <param name="problems">Each names the option, the value and the remedy.</param>
    public static Action<ScrapeGuardOptions>? TryRead(string? path, out IReadOnlyList<string> problems)
    {
        problems = [];
        if (path is null)
            return _ => { };
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

            // Made once only to have it complain now, before anything is read.
            new OfflineGuard(Configure, DateTimeOffset.UnixEpoch).Dispose();
            return Configure;
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

    /// <summary>The section, or the whole file where it has none: then it is the section, and what is no option in it is refused.</summary>
    private static IConfiguration SectionOf(IConfigurationRoot file) =>
        file.GetChildren().Any(child => child.Key.Equals(Section, StringComparison.OrdinalIgnoreCase)) ? file.GetSection(Section) : file;
}
