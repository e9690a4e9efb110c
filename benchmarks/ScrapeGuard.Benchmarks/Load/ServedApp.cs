using Microsoft.AspNetCore.Builder;

namespace ScrapeGuard.Benchmarks.Load;

/// <summary>A process of this executable that serves one of the applications on a free port of loopback until its standard input ends.</summary>
internal static class ServedApp
{
    /// <summary>The command, which no help names: tables start it themselves.</summary>
    public const string Command = "serve";

    /// <summary>What precedes the address in the line that tells it.</summary>
    public const string Listening = "LISTENING ";

    public const string Tiny = "tiny";
    public const string Portal = "portal";

    /// <summary>The second word that leaves ScrapeGuard away.</summary>
    public const string Bare = "bare";

    private const string AnyPort = "--urls=http://127.0.0.1:0";

    public static async Task<int> RunAsync(string[] words)
    {
        await using var app = Create(words);
        await app.StartAsync();
        Console.WriteLine(Listening + app.Urls.First());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static WebApplication Create(string[] words) => words switch
    {
        [Tiny] => TinyApp.Create([AnyPort], isGuarded: true),
        [Tiny, Bare] => TinyApp.Create([AnyPort], isGuarded: false),
        [Portal] => MemberPortal.Portal.Create([AnyPort]),
        [Portal, Bare] => BarePortal.Create([AnyPort]),
        _ => throw new ArgumentException("There is no such application."),
    };
}
