using System.Collections;
using System.Globalization;

namespace ScrapeGuard.Capture;

/// <summary>The identity of a record: what is left of an id when its spelling is taken away.</summary>
internal static class RecordText
{
    /// <summary>A GUID without hyphens.</summary>
    private const int ShortestGuid = 32;

    /// <summary>The canonical text of an id as it was bound or found in the route; null for none.</summary>
    public static string? Of(object? id, RecordIdentity identity)
    {
        var text = id switch
        {
            null => null,
            string value => value,
            Guid value => value.ToString("D"),
            IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
            _ => id.ToString(),
        };
        if (string.IsNullOrEmpty(text))
            return null;
        return identity == RecordIdentity.Text ? text : Canonical(text);
    }

    /// <summary>The number that a canonical id is; -1 for one that is none, or too long to have neighbours worth a thought.</summary>
    public static long NumberOf(string? id) =>
        id is { Length: > 0 and <= 18 } && (id[0] != '0' || id.Length == 1) && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;

    /// <summary>Every record of what was bound: a page that takes several ids shows them all.</summary>
    public static IEnumerable<object?> Each(object? bound) => bound is IEnumerable several and not string ? several.Cast<object?>() : [bound];

    private static string Canonical(string text)
    {
        if (IsPlainNumber(text))
            return text;

        // A number may end in zero characters and still parse (Int32.Parse), so they are no part of it either.
        var digits = text.AsSpan().TrimEnd('\0').Trim();
        if (digits.Length > 1 && digits[0] == '+')
            digits = digits[1..];
        if (digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9'))
        {
            var significant = digits.TrimStart('0');
            return significant.Length == text.Length ? text : significant.Length == 0 ? "0" : significant.ToString();
        }

        return text.Length >= ShortestGuid && Guid.TryParse(text, out var guid) ? guid.ToString("D") : text;
    }

    /// <summary>Digits without anything to take away, as nearly all ids are.</summary>
    private static bool IsPlainNumber(string text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiDigit(letter))
                return false;
        }

        return text[0] != '0';
    }
}
