using System.Globalization;

namespace ScrapeGuard.Benchmarks;

/// <summary>The words after a command: <c>--name value</c>, or <c>--name</c> alone.</summary>
internal sealed class Arguments(IEnumerable<string> words)
{
    private readonly List<string> unread = [.. words];

    public int Number(string name, int byDefault) => (int)Amount(name, byDefault);

    public TimeSpan Seconds(string name, double byDefault) => TimeSpan.FromSeconds(Amount(name, byDefault));

    /// <exception cref="ArgumentException">What follows is no positive number.</exception>
    public double Amount(string name, double byDefault) => Word(name) is { } word ? Parse(name, word) : byDefault;

    /// <summary>Numbers parted by commas.</summary>
    public double[] Amounts(string name, params double[] byDefault) =>
        Word(name) is { } words ? [.. words.Split(',').Select(word => Parse(name, word))] : byDefault;

    /// <summary>The word after <c>--name</c>, or null.</summary>
    public string? Word(string name)
    {
        var index = unread.IndexOf("--" + name);
        if (index < 0)
            return null;
        if (index + 1 == unread.Count)
            throw new ArgumentException($"--{name} needs a value");
        var word = unread[index + 1];
        unread.RemoveRange(index, 2);
        return word;
    }

    /// <summary>Whether a word stands there without dashes.</summary>
    public bool Says(string word) => unread.Remove(word);

    public bool Has(string name) => unread.Remove("--" + name);

    /// <exception cref="ArgumentException">A word was never asked for.</exception>
    public void End()
    {
        if (unread.Count > 0)
            throw new ArgumentException($"{unread[0]} is not an option here");
    }

    private static double Parse(string name, string word) =>
        double.TryParse(word, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? value
            : throw new ArgumentException($"--{name} is '{word}'; write a number");
}
