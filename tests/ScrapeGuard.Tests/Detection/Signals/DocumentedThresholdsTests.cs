using System.Globalization;
using System.Runtime.CompilerServices;
using ScrapeGuard.Detection.Signals;
using Xunit;

namespace ScrapeGuard.Tests.Detection.Signals;

public class DocumentedThresholdsTests
{
    [Fact]
    public void The_document_says_the_thresholds_that_are_in_force()
    {
        var signals = new SignalsOptions();
        var inForce = BuiltInSignals.All.SelectMany(signal => signal.Tests(signals).Select(test => string.Create(
            CultureInfo.InvariantCulture, $"| {signal.Name} | {test.Per.ToString().ToLowerInvariant()} | {test.Statistic} | {(test.StepUpAt > 0 ? $"{test.StepUpAt} " : "")}| {test.BlockAt} |")));
        var names = BuiltInSignals.All.Select(signal => $"| {signal.Name} | ").ToArray();
        Assert.Equal(inForce, File.ReadLines(Document()).Where(line => names.Any(name => line.StartsWith(name, StringComparison.Ordinal))));
    }

    private static string Document([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "..", "docs", "configuration.md"));
}
