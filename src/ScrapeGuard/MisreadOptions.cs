using Microsoft.Extensions.Configuration;

namespace ScrapeGuard;

/// <summary>What the reader did not understand. It is told together with what the validator finds wrong with the rest.</summary>
internal sealed class MisreadOptions
{
    private readonly List<string> messages = [];
    private readonly HashSet<string> options = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Each names the option as the configuration does, the value given and the remedy.</summary>
    public IReadOnlyList<string> Messages => messages;

    /// <param name="root">The path of the section that holds all options; empty for the configuration itself.</param>
    /// <param name="option">What is not understood.</param>
    /// <param name="problem">What is wrong with it.</param>
    public void Add(string root, IConfigurationSection option, string problem)
    {
        messages.Add($"{option.Path} {problem}");
        options.Add(option.Path.Length <= root.Length ? "" : option.Path[root.Length..].TrimStart(':'));
    }

    /// <summary>Whether an option, or a section around it, was not understood: its value is not what the portal wrote.</summary>
    public bool Covers(string option)
    {
        for (var end = option.Length; end > 0; end = option.LastIndexOf(':', end - 1))
        {
            if (options.Contains(option[..end]))
                return true;
        }

        return options.Contains("");
    }
}
