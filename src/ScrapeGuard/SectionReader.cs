using System.Globalization;
using System.Numerics;
using Microsoft.Extensions.Configuration;

namespace ScrapeGuard;

/// <summary>
/// Reads one section of the configuration by hand, without reflection. An option that is absent or null leaves its default; what is not
/// understood becomes a problem in words, and so does every name that nobody asked for.
/// </summary>
internal sealed class SectionReader
{
    private static readonly string[] MomentFormats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    private readonly Dictionary<string, IConfigurationSection> _unread;
    private readonly List<string> _known = [];
    private readonly MisreadOptions _misread;
    private readonly string _root;

    private SectionReader(IConfiguration section, MisreadOptions misread, string root)
    {
        _unread = section.GetChildren().ToDictionary(child => child.Key, StringComparer.OrdinalIgnoreCase);
        _misread = misread;
        _root = root;
    }

    private delegate bool Parser<T>(string text, out T value);

    /// <summary>Reads the section that holds all options.</summary>
    public static void Read(IConfiguration section, MisreadOptions misread, Action<SectionReader> read) =>
        Read(section, misread, (section as IConfigurationSection)?.Path ?? "", read);

    public void Section(string name, Action<SectionReader> read)
    {
        if (Take(name) is { } section)
            Read(section, _misread, _root, read);
    }

    /// <summary>Reads a section whose entries the portal names.</summary>
    public void Entries(string name, string remedyWhenEmpty, Action<string, SectionReader> read) => Section(name, section =>
    {
        foreach (var entry in section.TakeAll())
        {
            if (string.IsNullOrEmpty(entry.Value) && !HasParts(entry))
                Refuse(entry, $"is empty; {remedyWhenEmpty}");
            else
                Read(entry, _misread, _root, options => read(entry.Key, options));
        }
    });

    public void Text(string name, Action<string> set) =>
        Parse(name, (string text, out string value) => (value = text) is not null, "write a text", set);

    /// <summary>Reads a text that may be left out; null and the empty text, which is how environment variables spell it, both clear it.</summary>
    public void OptionalText(string name, Action<string?> set)
    {
        if (_unread.TryGetValue(name, out var option) && string.IsNullOrEmpty(option.Value) && !HasParts(option))
            set(null);
        Text(name, text => set(text is "" ? null : text));
    }

    public void Number<T>(string name, Action<T> set) where T : struct, IBinaryInteger<T> =>
        Parse(name, TryParseNumber, "write a whole number", set);

    public void Fraction(string name, Action<double> set) => Parse(name, TryParseFraction, "write a number such as 1.5", set);

    /// <summary>Reads a word of an enum; the remedy names the words offered, or all when none is named.</summary>
    public void Word<T>(string name, Action<T> set, params T[] offered) where T : struct, Enum =>
        Parse(name, EnumWords.TryParse, $"use {EnumWords.OneOf(offered)}", set);

    public void Duration(string name, Action<TimeSpan> set) => Parse(name, TryParseDuration, "write a time span such as 00:10:00", set);

    public void Moment(string name, Action<DateTimeOffset> set) =>
        Parse(name, TryParseMoment, "write a date such as 2026-11-01, or a date and time such as 2026-11-01T08:00:00Z", set);

    public void Texts(string name, string example, IList<string> texts)
    {
        if (Take(name) is not { } list)
            return;

        var items = list.GetChildren().ToArray();
        if (!string.IsNullOrEmpty(list.Value))
            Refuse(list, $"is '{list.Value}'; write a list such as [ \"{example}\" ]");
        else if (items.Any(item => HasParts(item) || !int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            Refuse(list, $"has named parts; write a list such as [ \"{example}\" ]");
        else
            Array.ForEach(items, item => texts.Add(item.Value ?? ""));
    }

    /// <summary>Reads every part of the section as a list of texts that the portal names.</summary>
    public void Lists(string example, Func<string, IList<string>> list)
    {
        foreach (var name in _unread.Keys.ToArray())
            Texts(name, example, list(name));
    }

    /// <summary>Refuses an option that is documented but comes with a later version.</summary>
    public void NotYet(string name)
    {
        if (_unread.Remove(name, out var option))
            Refuse(option, "is not available yet in this version; remove it");
    }

    private static void Read(IConfiguration section, MisreadOptions misread, string root, Action<SectionReader> read)
    {
        if (section is IConfigurationSection { Value.Length: > 0 } single)
        {
            // The value is not repeated: it may be a key or a password put one level too high.
            misread.Add(root, single, "is a single value; write a section with its options");
            return;
        }

        var reader = new SectionReader(section, misread, root);
        read(reader);
        reader.RefuseUnread();
    }

    private static bool TryParseNumber<T>(string text, out T value) where T : struct, IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value);

    private static bool TryParseFraction(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);

    // A bare "10" would be ten days, which nobody means.
    private static bool TryParseDuration(string text, out TimeSpan value) =>
        TimeSpan.TryParseExact(text.Trim(), "c", CultureInfo.InvariantCulture, out value) && text.Contains(':', StringComparison.Ordinal);

    private static bool TryParseMoment(string text, out DateTimeOffset value) =>
        DateTimeOffset.TryParseExact(text.Trim(), MomentFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);

    private static bool HasParts(IConfigurationSection section) => section.GetChildren().Any();

    private void Parse<T>(string name, Parser<T> parse, string remedy, Action<T> set)
    {
        if (Take(name) is not { } option)
            return;

        if (HasParts(option))
            Refuse(option, $"has parts; {remedy}");
        else if (option.Value is null)
            return;
        else if (parse(option.Value, out var value))
            set(value);
        else
            Refuse(option, $"is '{option.Value}'; {remedy}");
    }

    private void Refuse(IConfigurationSection option, string problem) => _misread.Add(_root, option, problem);

    private IConfigurationSection? Take(string name)
    {
        _known.Add(name);
        return _unread.Remove(name, out var option) ? option : null;
    }

    private IConfigurationSection[] TakeAll()
    {
        IConfigurationSection[] all = [.. _unread.Values];
        _unread.Clear();
        return all;
    }

    private void RefuseUnread()
    {
        foreach (var (name, option) in _unread)
        {
            var nearest = NearestName.Find(name, _known);
            var remedy = nearest is null ? $"the options here are {string.Join(", ", _known)}" : $"did you mean {nearest}?";
            Refuse(option, $"is not an option; {remedy}");
        }
    }
}
