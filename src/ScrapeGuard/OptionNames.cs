namespace ScrapeGuard;

/// <summary>The names a portal gives to limits, keys and kinds: they become metric tags and log fields, so they are short and plain.</summary>
internal static class OptionNames
{
    public const string Rule = "1 to 64 letters (A to Z), digits, '-', '_' or '.'";

    public static bool IsValid(string? name) => name is { Length: >= 1 and <= 64 } && name.All(IsPlain);

    public static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.';
}
