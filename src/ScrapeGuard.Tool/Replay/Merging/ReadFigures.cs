using System.Globalization;
using System.Text;
using ScrapeGuard.Tool.Replay.Pages;

namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>What was read, and what could not be.</summary>
internal sealed class ReadFigures
{
    private const int MostShown = 5;
    private const int MostOfLine = 120;

    private readonly List<string> badLines = [];
    private readonly List<string> problems = [];

    /// <summary>The lines read, bad ones among them, without empty ones and directives.</summary>
    public long Lines { get; set; }

    public long BadLines { get; private set; }

    /// <summary>The views of which the log does not tell the status.</summary>
    public long WithoutStatus { get; set; }

    /// <summary>The first bad lines, with where they are.</summary>
    public IReadOnlyList<string> FirstBadLines => badLines;

    /// <summary>The files that could not be read, or not to their end, and why.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <param name="file">Where it is.</param>
    /// <param name="number">In which line.</param>
    /// <param name="text">What it says.</param>
    /// <param name="problem">What is wrong with it; null where that is not known.</param>
    public void AddBad(string file, long number, ReadOnlySpan<byte> text, string? problem = null)
    {
        BadLines++;
        if (badLines.Count < MostShown)
            badLines.Add(string.Create(CultureInfo.InvariantCulture, $"{file}:{number}: {(problem is null ? "" : $"({problem}) ")}{Printable(text)}"));
    }

    /// <summary>A file could not be opened.</summary>
    public void AddClosed(string file, Exception exception) => problems.Add($"{file} {WhatIsWrong(exception)}.");

    /// <summary>A file could not be read after so many lines.</summary>
    public void AddCut(string file, long lines, Exception exception)
    {
        var covered = lines switch
        {
            0 => "nothing of it",
            1 => "the line before",
            _ => string.Create(CultureInfo.InvariantCulture, $"the {lines:N0} lines before"),
        };
        problems.Add($"{file} {WhatIsWrong(exception)}; the figures cover {covered}.");
    }

    private static string WhatIsWrong(Exception exception) => exception switch
    {
        InvalidDataException => exception.Message,
        UnauthorizedAccessException => "may not be read by this user; allow it, or run the command as a user who may",
        _ => $"cannot be read: {exception.Message.TrimEnd('.')}",
    };

    /// <summary>A terminal must not obey what a client had written into a log.</summary>
    private static string Printable(ReadOnlySpan<byte> text)
    {
        var shown = new StringBuilder();
        foreach (var letter in TargetText.ToText(text[..Math.Min(text.Length, MostOfLine)]))
            shown.Append(char.IsControl(letter) ? '?' : letter);
        return shown.Append(text.Length > MostOfLine ? " ..." : "").ToString();
    }
}
