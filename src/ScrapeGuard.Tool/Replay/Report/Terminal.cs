using Spectre.Console;

namespace ScrapeGuard.Tool.Replay.Report;

/// <summary>Whether a person is looking, or a file or another program gets what is written.</summary>
internal static class Terminal
{
    public static bool IsAt(TextWriter writer) =>
        (ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected) || (ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected);

    /// <summary>A console with colours, unless NO_COLOR is set.</summary>
    public static IAnsiConsole Of(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
}
