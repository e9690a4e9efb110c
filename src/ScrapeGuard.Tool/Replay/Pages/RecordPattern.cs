using System.Text.RegularExpressions;

namespace ScrapeGuard.Tool.Replay.Pages;

/// <summary>
/// A regular expression that finds the record in a target: its group <c>record</c> is the id, a group <c>kind</c> the kind. Matched without backtracking, so
/// that no target takes long.
/// </summary>
internal sealed class RecordPattern
{
    private const string DefaultKind = "record";

    private readonly Regex regex;
    private readonly bool hasKind;

    /// <summary>As it was written.</summary>
    public string Text => regex.ToString();

    private RecordPattern(Regex regex) => (this.regex, hasKind) = (regex, regex.GetGroupNames().Contains("kind"));

    /// <summary>The pattern; or null, and what is wrong with it.</summary>
    public static RecordPattern? TryCreate(string text, out string problem)
    {
        problem = "";
        try
        {
            var regex = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            if (regex.GetGroupNames().Contains("record"))
                return new RecordPattern(regex);
            problem = $"--record '{text}' has no group named record; write one around the id, such as ^/members/(?<record>[^/?]+)";
        }
        catch (ArgumentException exception)
        {
            problem = $"--record '{text}' is no regular expression: {exception.Message}";
        }
        catch (NotSupportedException)
        {
            problem = $"--record '{text}' looks around, refers back or is atomic, which takes too long on some targets; write it without";
        }

        return null;
    }

    /// <summary>Whether it matched a target with nothing in the group of the id.</summary>
    public bool HasMatchedNothing { get; private set; }

    /// <summary>The kind and the id; null where the target shows no record.</summary>
    /// <param name="target">The path, decoded, and the query as it was sent.</param>
    /// <param name="pathLength">Where the query begins.</param>
    public (string Kind, string Id)? Find(string target, int pathLength)
    {
        if (regex.Match(target) is not { Success: true } match)
            return null;
        if (match.Groups["record"] is not { Success: true, Length: > 0 } id)
        {
            HasMatchedNothing = true;
            return null;
        }

        var kind = hasKind && match.Groups["kind"] is { Success: true, Length: > 0 } named ? named.Value : DefaultKind;
        return (kind, id.Index > pathLength ? TargetText.DecodeQuery(id.Value) : id.Value);
    }
}
