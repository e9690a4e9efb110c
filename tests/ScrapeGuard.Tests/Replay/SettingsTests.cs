using Xunit;

namespace ScrapeGuard.Tests.Replay;

/// <summary>A file of settings that is not what it is taken for says so.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly ReplayFolder folder = new();
    private readonly string log;

    public SettingsTests() =>
        log = folder.Add("access.log", new LogText(DateTimeOffset.UnixEpoch).Take("203.0.113.7", from: 1, count: 9).ToString());

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("""{ "Logging": { "LogLevel": {} }, "AllowedHosts": "*" }""", "has no section ScrapeGuard and is none by itself: it has AllowedHosts, Logging")]
    [InlineData("{", "cannot be read")]
    public async Task A_file_without_the_section_is_refused(string text, string problem)
    {
        var (_, error, exitCode) = await ReplayFolder.RunAsync(log, "--config", folder.Add("settings.json", text));

        Assert.Equal(1, exitCode);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ }")]
    [InlineData("""{ "ScrapeGuard": { } }""")]
    [InlineData("""{ "ScrapeGuard": null, "Logging": {} }""")]
    public async Task A_file_that_sets_nothing_says_that_the_defaults_hold(string text)
    {
        var (output, _, exitCode) = await ReplayFolder.RunAsync(log, "--config", folder.Add("settings.json", text));

        Assert.Equal(0, exitCode);
        Assert.Contains("settings.json sets nothing: the default settings hold.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_section_by_itself_is_one_though_something_in_it_is_no_option()
    {
        var (_, error, exitCode) = await ReplayFolder.RunAsync(log, "--config", folder.Add("settings.json", """{ "Mode": "Observe", "Limit": {} }"""));

        Assert.Equal(1, exitCode);
        Assert.Contains("Limit is not an option; did you mean Limits?", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_and_a_file_that_is_not_there_are_named_as_such()
    {
        var (_, directory, _) = await ReplayFolder.RunAsync(log, "--config", folder.PathOf("."));
        var (_, missing, _) = await ReplayFolder.RunAsync(log, "--config", folder.PathOf("missing.json"));

        Assert.Contains("is a directory; name the file in it", directory, StringComparison.Ordinal);
        Assert.Contains("missing.json does not exist", missing, StringComparison.Ordinal);
    }
}
