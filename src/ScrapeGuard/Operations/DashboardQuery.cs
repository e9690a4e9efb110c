using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ScrapeGuard.Operations;

/// <summary>What an operator asks for in the query of a route. A value that is left out or empty says nothing; one that says no clear thing is a problem.</summary>
internal sealed partial class DashboardQuery(IQueryCollection query)
{
    /// <summary>The first value that says no clear thing, with what is allowed; null where all are clear.</summary>
    public string? Problem { get; private set; }

    /// <summary>A whole number from 1 on.</summary>
    public int Number(string name, int otherwise, int most)
    {
        if (Text(name) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1 && value <= most)
            return value;
        Refuse(name, text, $"a whole number from 1 to {most}");
        return otherwise;
    }

    /// <summary>The id of a block, as <c>api/blocks</c> shows it.</summary>
    public string? Id(string name) => Text(name, text => Guid.TryParseExact(text, "N", out _), "the id of a block, as api/blocks shows it");

    /// <summary>The reference that a blocked person reads to the help desk.</summary>
    public string? Reference(string name) => Text(name, text => ReferencePattern.IsMatch(text), "a reference as the blocked page shows it, such as T2E9-PHCK");

    /// <summary>A text that is valid where a test says so.</summary>
    public string? Text(string name, Func<string, bool> isValid, string allowed)
    {
        if (Text(name) is not { } text)
            return null;
        if (!isValid(text))
            Refuse(name, text, allowed);
        return text;
    }

    public string? Text(string name) => query[name].ToString() is { Length: > 0 } value ? value : null;

    [GeneratedRegex(@"^\s*[0-9A-Z]{4}-[0-9A-Z]{4}\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReferencePattern { get; }

    private void Refuse(string name, string text, string allowed) => Problem ??= $"{name} is '{text}'. Give {allowed}.";
}
