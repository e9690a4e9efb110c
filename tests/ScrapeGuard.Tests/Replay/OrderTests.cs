using System.Text;
using System.Text.Json;
using CsCheck;
using Xunit;

namespace ScrapeGuard.Tests.Replay;

/// <summary>However the lines of logs stand, the verdicts are those of the order of time.</summary>
public sealed class OrderTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    private readonly ReplayFolder folder = new();
    private readonly string[] lines = Lines();
    private readonly string settings;

    public OrderTests() => settings = folder.Add("appsettings.json", "{ }");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_reversed_file_and_a_shuffled_one_give_the_verdicts_of_the_sorted_one()
    {
        var expected = await SortedAsync();
        string[] shuffled = [.. lines];
        new Random(1).Shuffle(shuffled);

        foreach (var other in new[] { lines.Reverse(), shuffled })
        {
            var result = await ReplayFolder.RunJsonAsync(folder.Add("other.log", Text(other)), "--config", settings);
            Assert.Equal(ClientsOf(expected), ClientsOf(result));
            Assert.Equal(Figures(expected), Figures(result));
            Assert.InRange(result.GetProperty("lateViews").GetInt32(), 1, lines.Length);
        }
    }

    [Fact]
    public async Task Rotated_files_on_standard_input_in_whatever_order_give_the_verdicts_of_the_sorted_file()
    {
        var expected = await SortedAsync();
        var parts = Gen.Int[1, lines.Length - 1].Array[1, 3].SelectMany(cuts => Gen.Shuffle(Parts([.. cuts.Order().Distinct()])));
        await parts.SampleAsync(
            async files =>
            {
                var result = await ReadAsync(files.SelectMany(part => part));
                Assert.Equal(ClientsOf(expected), ClientsOf(result));
                Assert.Equal(Figures(expected), Figures(result));
            },
            iter: 8, threads: 1);
    }

    [Fact]
    public async Task A_single_line_that_comes_much_too_late_is_judged_at_its_time()
    {
        var expected = await SortedAsync();
        string[] late = [.. lines[..10], .. lines[11..], lines[10]];

        var (file, piped) = (await ReplayFolder.RunJsonAsync(folder.Add("late.log", Text(late)), "--config", settings), await ReadAsync(late));

        Assert.Equal(ClientsOf(expected), ClientsOf(file));
        Assert.Equal(ClientsOf(expected), ClientsOf(piped));
        Assert.Equal((1, 1), (file.GetProperty("lateViews").GetInt32(), piped.GetProperty("lateViews").GetInt32()));
    }

    [Fact]
    public async Task Lines_a_little_out_of_order_are_put_in_order_as_they_are_read()
    {
        var expected = await SortedAsync();
        var nearly = lines.Chunk(3000).SelectMany(chunk => chunk.Reverse());

        var result = await ReplayFolder.RunJsonAsync(folder.Add("nearly.log", Text(nearly)), "--config", settings);

        Assert.Equal(ClientsOf(expected), ClientsOf(result));
        Assert.Equal(0, result.GetProperty("lateViews").GetInt32());
    }

    [Fact]
    public async Task It_says_that_the_logs_were_sorted_and_from_when_to_when_they_reach()
    {
        var (output, error, exitCode) = await ReplayFolder.RunAsync(folder.Add("reversed.log", Text(lines.Reverse())));

        Assert.Equal(("", 0), (error, exitCode));
        Assert.Contains($"from {Start:yyyy-MM-dd HH:mm} to ", output, StringComparison.Ordinal);
        Assert.Matches("The logs were not in the order of time, and were sorted first: [0-9,]+ views came too late in them.", output);
    }

    /// <summary>No two at the same time: their order would be that of the file.</summary>
    private static string[] Lines()
    {
        var log = new LogText(Start);
        for (var second = 0; second < 12_000; second++)
        {
            var client = second % 100 < 60 ? second % 4 : second % 97;
            log.Add($"203.0.113.{client}", $"GET /members/{(second * 7919) % 3001}", status: second % 41 == 0 ? 404 : 200, userAgent: $"agent/{client % 5}");
        }

        return [.. log.Lines];
    }

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    private static string[] ClientsOf(JsonElement result) => [.. result.GetProperty("clients").EnumerateArray().Select(client => client.GetRawText())];

    private static string Figures(JsonElement result) =>
        string.Join(' ', new[] { "files", "lines", "badLines", "views" }.Select(name => result.GetProperty(name).GetInt32()));

    private Task<JsonElement> SortedAsync() => ReplayFolder.RunJsonAsync(folder.Add("sorted.log", Text(lines)), "--config", settings);

    private async Task<JsonElement> ReadAsync(IEnumerable<string> text)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(Text(text)));
        var (output, error, exitCode) = await ReplayFolder.RunAsync(["-", "--json", "-", "--config", settings], input, TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, error);
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    private string[][] Parts(int[] cuts)
    {
        int[] places = [0, .. cuts, lines.Length];
        return [.. places.Zip(places.Skip(1), (start, end) => lines[start..end])];
    }
}
