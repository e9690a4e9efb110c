using System.Text.Json;
using Xunit;

namespace ScrapeGuard.Tests.Replay;

/// <summary>
/// A real log whose clients were labelled by hand: those that behave like people, and those that read a site through. With the default settings the first stay
/// in and the others are stopped soon.
/// </summary>
public class LabelledLogTests
{
    private const string Log = "airis2016_feb20-mar09";

    [Fact]
    public async Task People_stay_in_and_crawls_are_stopped_before_their_60th_page()
    {
        var data = Environment.GetEnvironmentVariable("SCRAPEGUARD_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(data), "SCRAPEGUARD_DATA does not name the folder of the labelled logs.");
        var logs = Path.Combine(data!, "logs");
        using var folder = new ReplayFolder();
        using var labels = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(logs, $"{Log}.labels.json"), TestContext.Current.CancellationToken));
        var people = labels.RootElement.GetProperty("strict_human_ips").EnumerateArray().Select(address => address.GetString()!).ToHashSet();
        var crawls = labels.RootElement.GetProperty("episodes").EnumerateArray().Select(episode => episode.GetProperty("ip").GetString()!).ToHashSet();

        var result = await ReplayFolder.RunJsonAsync(Path.Combine(logs, $"{Log}.log.gz"), "--config", folder.Add("appsettings.json", "{ }"));

        var stopped = result.GetProperty("clients").EnumerateArray()
            .Where(client => client.GetProperty("verdict").GetString() != "Allow")
            .ToDictionary(client => client.GetProperty("client").GetString()!, client => client.GetProperty("recordsBefore").GetInt32());
        int[] pages = [.. stopped.Where(client => crawls.Contains(client.Key)).Select(client => client.Value).Order()];
        Assert.Equal((542, 34), (people.Count, crawls.Count));
        Assert.InRange(stopped.Keys.Count(people.Contains), 0, 1);
        Assert.InRange(pages[pages.Length / 2], 0, 59);
        Assert.InRange(pages.Length, 32, crawls.Count);
        Assert.Equal(0, result.GetProperty("badLines").GetInt32());
    }
}
