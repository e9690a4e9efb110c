using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;

namespace ScrapeGuard.Tool;

/// <summary>Makes a key, as an entry of the section <c>ScrapeGuard:Keys</c>.</summary>
internal static class NewKeyCommand
{
    private const int KeyBytes = 32;

    private const string Advice = "Keep it in a vault, not beside the code, and give every node the same; "
        + "when rotating, add it beside the old keys, which are still needed to read what they wrote.";

    public static Command Create(TimeProvider time)
    {
        var name = new Option<string>("--name")
        {
            Description = "The name of the key: " + OptionNames.Rule + ".",
            HelpName = "name",
            DefaultValueFactory = _ => Today(time, "yyyy-MM"),
        };
        name.Validators.Add(result =>
        {
            if (result.Errors.Any() || OptionNames.IsValid(result.GetValueOrDefault<string>()))
                return;
            result.AddError($"--name is '{result.GetValueOrDefault<string>()}'; use {OptionNames.Rule}");
        });

        var command = new Command("new-key", $"Prints a new key of {KeyBytes} random bytes, current from today (UTC), for ScrapeGuard:Keys.")
        {
            name,
        };
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine(Entry(parsed.GetRequiredValue(name), Today(time, "yyyy-MM-dd")));
            parsed.InvocationConfiguration.Error.WriteLine(Advice);
        });
        return command;
    }

    // No character of base64, of a valid name or of a date needs escaping in JSON.
    private static string Entry(string name, string from) =>
        $$"""
        "{{name}}": { "Value": "{{Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes))}}", "From": "{{from}}" }
        """;

    private static string Today(TimeProvider time, string format) => time.GetUtcNow().ToString(format, CultureInfo.InvariantCulture);
}
