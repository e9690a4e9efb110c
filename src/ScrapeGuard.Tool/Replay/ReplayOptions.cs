using System.CommandLine;
using ScrapeGuard.Tool.Replay.Pages;
using ScrapeGuard.Tool.Replay.Reading;

namespace ScrapeGuard.Tool.Replay;

/// <summary>The options of the command, and what is wrong with those that are given.</summary>
internal sealed class ReplayOptions
{
    private const string StandardInput = "-";

    private readonly Option<LogFormat> format = new("--format")
    {
        Description = "How the logs are written; found out from the first lines of each by default.",
        HelpName = "auto|combined|common|w3c|json",
        DefaultValueFactory = _ => LogFormat.Auto,
    };

    private readonly Option<string[]> records = new("--record")
    {
        Description = "Counts only targets (path and query) that the regular expression matches; its group 'record' is the id of the record, a group 'kind' "
            + "the kind. May be given several times. Default: each path without its query that is no asset, such as .css or .png, is a record.",
        HelpName = "regex",
    };

    private readonly Option<string?> account = new("--account")
    {
        Description = "The field that names the account: 'user' in Combined and Common, a column such as cs-username in W3C, a property in JSON.",
        HelpName = "field",
    };

    private readonly Option<string?> session = new("--session")
    {
        Description = "The field that names the session, likewise.",
        HelpName = "field",
    };

    private readonly Option<string?> config = new("--config")
    {
        Description = "The portal's settings: an appsettings.json with a section ScrapeGuard, or that section by itself. Its keys and its Redis are not used.",
        HelpName = "appsettings.json",
    };

    public Option<string?> Json { get; } = new("--json")
    {
        Description = "Writes the result to a file as JSON; - for standard output, instead of the table.",
        HelpName = "file",
    };

    public void AddTo(Command command)
    {
        format.AcceptOnlyFromAmong([.. Enum.GetNames<LogFormat>().Select(name => name.ToLowerInvariant())]);
        foreach (Option option in new Option[] { records, account, session, config, format, Json })
            command.Add(option);
    }

    /// <summary>What is asked for; or null, and all that is wrong with it.</summary>
    /// <param name="parsed">What was written.</param>
    /// <param name="files">The logs.</param>
    /// <param name="openInput">Opens standard input.</param>
    /// <param name="stopping">Ends a wait for it.</param>
    /// <param name="problems">Each names the remedy.</param>
    public ReplayArguments? TryRead(ParseResult parsed, IReadOnlyList<string> files, Func<Stream> openInput, CancellationToken stopping, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        var patterns = new List<RecordPattern>();
        foreach (var text in parsed.GetValue(records) ?? [])
        {
            if (RecordPattern.TryCreate(text, out var problem) is { } pattern)
                patterns.Add(pattern);
            else
                found.Add(problem);
        }

        if (files.Count == 0)
            found.Add("name the access logs, or - for standard input");
        files = [.. files.DistinctBy(file => file == StandardInput ? file : RealPath.Of(file), RealPath.Comparer)];
        found.AddRange(files.Select(FindProblem).OfType<string>());
        if (FindProblem(parsed.GetValue(Json), [.. files, parsed.GetValue(config) ?? StandardInput]) is { } conflict)
            found.Add(conflict);
        var fields = new SubjectFields(parsed.GetValue(account), parsed.GetValue(session));
        var settings = ReplaySettings.TryRead(parsed.GetValue(config), out var misread);
        problems = [.. found, .. misread];
        if (problems.Count > 0)
            return null;
        return new ReplayArguments(
            [.. files.Select(file => InputOf(file, openInput, stopping))], SizeOf(files), parsed.GetValue(format), fields, patterns, settings!);
    }

    private static string? FindProblem(string file) => file switch
    {
        StandardInput => null,
        _ when Directory.Exists(file) => $"{file} is a directory; name the logs in it",
        _ when !File.Exists(file) => $"{file} does not exist",
        _ => null,
    };

    /// <param name="json">Where the result goes.</param>
    /// <param name="read">What is read, and must not be written.</param>
    private static string? FindProblem(string? json, IReadOnlyList<string> read)
    {
        if (json is null or StandardInput)
            return null;
        if (Directory.Exists(json))
            return $"--json {json} is a directory; name a file in it";
        var path = RealPath.Of(json);
        return read.FirstOrDefault(file => file != StandardInput && RealPath.Comparer.Equals(RealPath.Of(file), path)) is { } same
            ? $"--json {json} would overwrite {same}, which is read; name another file"
            : null;
    }

    private static LogInput InputOf(string file, Func<Stream> openInput, CancellationToken stopping) => file == StandardInput
        ? new LogInput("standard input", () => new StoppableStream(openInput(), stopping))
        : new LogInput(file, () => OpenFile(file, stopping));

    private static Stream OpenFile(string file, CancellationToken stopping)
    {
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        return stream.CanSeek ? stream : new StoppableStream(stream, stopping);
    }

    private static long? SizeOf(IReadOnlyList<string> files)
    {
        if (files.Contains(StandardInput))
            return null;
        var bytes = files.Sum(file => new FileInfo(file).Length);
        return bytes > 0 ? bytes : null;
    }
}
