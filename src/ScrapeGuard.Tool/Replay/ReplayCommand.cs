using System.CommandLine;
using ScrapeGuard.Tool.Replay.Reading;
using ScrapeGuard.Tool.Replay.Report;
using Spectre.Console;

namespace ScrapeGuard.Tool.Replay;

/// <summary>Says of access logs who would have been stopped, when and why.</summary>
internal static class ReplayCommand
{
    private const int Nothing = 1;
    private const int Partly = 2;

    private const string Explanation = """
        Reads access logs as they are and says which clients ScrapeGuard would have stepped up or blocked, when and why, how many records they had been
        shown by then and how many would have been kept from them.

        There is a row for each address, account or session that drew a verdict, and for the addresses that took the most records besides. A client that is
        blocked is refused, as in Enforce, until the block ends; nobody passes a step-up.
        """;

    public static Command Create(TimeProvider time, Func<Stream> openInput)
    {
        var files = new Argument<string[]>("files")
        {
            Description = "Access logs of nginx, Apache or IIS, or of JSON lines, in any order, also gzip; - for standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var options = new ReplayOptions();
        var command = new Command("replay", Explanation) { files };
        options.AddTo(command);
        command.SetAction((parsed, stopping) => RunAsync(parsed, parsed.GetValue(files) ?? [], options, time, openInput, stopping));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, string[] files, ReplayOptions options, TimeProvider time, Func<Stream> openInput, CancellationToken stopping)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (options.TryRead(parsed, files, openInput, stopping, out var problems) is not { } arguments)
        {
            foreach (var problem in problems)
                await error.WriteLineAsync(problem);
            return Nothing;
        }

        // Ctrl+C is heard only once this has returned.
        var run = Task.Run(() => ReplayRun.Run(arguments, time, stopping), CancellationToken.None);
        try
        {
            var result = Terminal.IsAt(error)
                ? await ProgressBar.ShowAsync(Terminal.Of(error), arguments.Inputs, arguments.Bytes, time, run)
                : await run;
            return Write(result, parsed.GetValue(options.Json), output, error);
        }
        catch (IOException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return Nothing;
        }
    }

    private static int Write(ReplayResult result, string? json, TextWriter output, TextWriter error)
    {
        try
        {
            if (json is not null and not "-")
            {
                using var file = File.Create(json);
                JsonReport.Write(file, result);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"--json {json} cannot be written: {exception.Message}");
            return Nothing;
        }

        try
        {
            if (json is "-")
                WriteJson(result, output, error);
            else if (Terminal.IsAt(output))
                TerminalReport.Write(Terminal.Of(output), result);
            else
                PlainReport.Write(output, result);
            output.Flush();
        }
        catch (IOException exception)
        {
            error.WriteLine($"The report cannot be written: {exception.Message}");
            return Nothing;
        }

        return ExitCodeOf(result);
    }

    private static int ExitCodeOf(ReplayResult result)
    {
        var read = result.Read;
        if (read.Lines == read.BadLines && (read.Lines > 0 || read.Problems.Count > 0))
            return Nothing;
        return read.Problems.Count > 0 ? Partly : 0;
    }

    private static void WriteJson(ReplayResult result, TextWriter output, TextWriter error)
    {
        using var json = new MemoryStream();
        JsonReport.Write(json, result);
        output.WriteLine(System.Text.Encoding.UTF8.GetString(json.ToArray()));
        foreach (var note in ReportText.Notes(result))
            error.WriteLine(note);
    }
}
