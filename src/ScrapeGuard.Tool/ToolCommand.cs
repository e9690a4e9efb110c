using System.CommandLine;
using System.CommandLine.Help;
using ScrapeGuard.Tool.Replay;

namespace ScrapeGuard.Tool;

/// <summary>The command <c>scrapeguard</c> with all it can do.</summary>
internal static class ToolCommand
{
    // A RootCommand would call itself ScrapeGuard.Tool in its help, after the assembly, and nobody types that.
    /// <param name="time">Tells the time.</param>
    /// <param name="openInput">Opens standard input.</param>
    public static Command Create(TimeProvider time, Func<Stream>? openInput = null) => new("scrapeguard", "Helps to run portals that ScrapeGuard protects from bulk scraping.")
    {
        new HelpOption { Recursive = true },
        new VersionOption(),
        NewKeyCommand.Create(time),
        ReplayCommand.Create(time, openInput ?? Console.OpenStandardInput),
    };
}
