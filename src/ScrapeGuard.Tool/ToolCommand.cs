using System.CommandLine;
using System.CommandLine.Help;

namespace ScrapeGuard.Tool;

/// <summary>The command <c>scrapeguard</c> with all it can do.</summary>
internal static class ToolCommand
{
    // A RootCommand would call itself ScrapeGuard.Tool in its help, after the assembly, and nobody types that.
    public static Command Create(TimeProvider time) => new("scrapeguard", "Helps to run portals that ScrapeGuard protects from bulk scraping.")
    {
        new HelpOption { Recursive = true },
        new VersionOption(),
        NewKeyCommand.Create(time),
    };
}
