using Xunit;

namespace ScrapeGuard.Tests.Replay;

/// <summary>One file is one file, however it is spelled.</summary>
public sealed class PathTests : IDisposable
{
    private readonly ReplayFolder folder = new();
    private readonly string log;

    public PathTests()
    {
        Directory.CreateDirectory(folder.PathOf("real"));
        Directory.CreateSymbolicLink(folder.PathOf("linked"), folder.PathOf("real"));
        log = folder.Add("real/access.log", new LogText(DateTimeOffset.UnixEpoch).Take("203.0.113.7", from: 1, count: 9).ToString());
        File.CreateSymbolicLink(folder.PathOf("access.log"), Path.Combine("linked", "access.log"));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("real/access.log")]
    [InlineData("real/../real/./access.log")]
    [InlineData("linked/access.log")]
    [InlineData("access.log")]
    public async Task The_result_overwrites_no_log_that_is_read(string json)
    {
        var before = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);

        foreach (var (input, output) in new[] { (log, folder.PathOf(json)), (folder.PathOf(json), log) })
        {
            var (_, error, exitCode) = await ReplayFolder.RunAsync(input, "--json", output);
            Assert.Equal(1, exitCode);
            Assert.Contains($"--json {output} would overwrite {input}, which is read; name another file", error, StringComparison.Ordinal);
        }

        Assert.Equal(before, await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_result_overwrites_no_settings()
    {
        var config = folder.Add("appsettings.json", "{ }");

        var (_, error, exitCode) = await ReplayFolder.RunAsync(log, "--config", config, "--json", config);

        Assert.Equal(1, exitCode);
        Assert.Contains("would overwrite", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_to_a_folder_is_told_before_anything_is_read()
    {
        var (output, error, exitCode) = await ReplayFolder.RunAsync(log, "--json", folder.PathOf("real"));

        Assert.Equal(("", 1), (output, exitCode));
        Assert.Contains("is a directory; name a file in it", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--json", "-")]
    public async Task A_report_for_which_there_is_no_room_is_a_failure_in_words(params string[] options)
    {
        using var output = new FullWriter();

        var (error, exitCode) = await ReplayFolder.RunAsync([log, .. options], Stream.Null, output, TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Equal($"The report cannot be written: No space left on device{Environment.NewLine}", error);
    }

    [Theory]
    [InlineData("real/access.log")]
    [InlineData("real/../real/./access.log")]
    [InlineData("linked/access.log")]
    [InlineData("access.log")]
    public async Task A_log_that_is_named_twice_is_read_once(string again)
    {
        var result = await ReplayFolder.RunJsonAsync(log, folder.PathOf(again));

        Assert.Equal((1, 9), (result.GetProperty("files").GetInt32(), result.GetProperty("lines").GetInt32()));
    }

    [Fact]
    public async Task Links_that_lead_in_a_circle_end_in_a_failure()
    {
        File.CreateSymbolicLink(folder.PathOf("a"), "b");
        File.CreateSymbolicLink(folder.PathOf("b"), "a");

        Assert.Equal(1, (await ReplayFolder.RunAsync(folder.PathOf("a"), "--json", folder.PathOf("b.json"))).ExitCode);
    }

    private sealed class FullWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }
}
