using System.Globalization;
using Microsoft.Extensions.Options;

namespace ScrapeGuard;

/// <summary>What is wrong with the options: each message names the option, the value given and the remedy.</summary>
/// <param name="misread">What was not understood: told first, and not judged as well, for what stands in its place is a default.</param>
internal sealed class OptionProblems(MisreadOptions misread)
{
    private readonly List<string> _messages = [.. misread.Messages];

    public ValidateOptionsResult Result => _messages.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_messages);

    public void Add(string option, object? value, string remedy) => AddUnshown(option, $"is {Shown(value)}; {remedy}");

    /// <summary>Adds a problem whose value is secret, or is no single value.</summary>
    public void AddUnshown(string option, string problem)
    {
        if (!misread.Covers(option))
            _messages.Add($"ScrapeGuard:{option} {problem}");
    }

    /// <summary>Whether an option was left out, and not merely misread.</summary>
    public bool IsLeftOut(string option, object? value) => value is null && !misread.Covers(option);

    /// <summary>Adds a problem unless the value lies between two others, both allowed; null is missing.</summary>
    public void CheckRange<T>(string option, T? value, T least, T most, string reason = "") where T : struct, IComparable<T>
    {
        if (value is not { } given || given.CompareTo(least) < 0 || given.CompareTo(most) > 0)
            Add(option, value, $"use {Plain(least)} to {Plain(most)}{reason}");
    }

    public void CheckWord<T>(string option, T? value, params T[] offered) where T : struct, Enum
    {
        if (value is not { } given || !Enum.IsDefined(given) || (offered is not [] && !offered.Contains(given)))
            Add(option, value, $"use {EnumWords.OneOf(offered)}");
    }

    public void CheckNotBlank(string option, string? value, string remedy)
    {
        if (string.IsNullOrWhiteSpace(value))
            Add(option, value, remedy);
    }

    /// <summary>Checks the name of an entry, the last part of its path.</summary>
    public void CheckEntryName(string section, string name)
    {
        if (!OptionNames.IsValid(name))
            AddUnshown($"{section}:{name}", $"has a name that is not allowed; use {OptionNames.Rule}");
    }

    private static string Shown(object? value) => value is null ? "missing" : $"'{Plain(value)}'";

    private static string Plain(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
