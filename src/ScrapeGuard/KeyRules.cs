namespace ScrapeGuard;

/// <summary>What makes the keys valid. No message repeats the value of a key.</summary>
internal static class KeyRules
{
    private const int FewestBytes = 32;
    private const string HowToMakeOne = "make one with `scrapeguard new-key` or `openssl rand -base64 32`";

    public static void Check(ScrapeGuardOptions options, bool isDevelopment, DateTimeOffset now, OptionProblems problems)
    {
        if (options.Keys.Count == 0)
        {
            if (options.Redis.Configuration is not null && !isDevelopment)
                problems.AddUnshown("Keys", "is empty; with Redis every node needs the same keys, else nodes cannot agree on who a subject is: "
                    + $"{HowToMakeOne}, keep it in a vault and give it to every node");
            return;
        }

        foreach (var (name, key) in options.Keys)
        {
            problems.CheckEntryName("Keys", name);
            CheckKey(name, key, problems);
        }

        var keys = options.Keys.Where(entry => entry.Value is not null).OrderBy(entry => entry.Value.From).ToArray();
        CheckTwins(keys, problems);
        if (keys is [var earliest, ..] && earliest.Value.From > now)
            problems.Add($"Keys:{earliest.Key}:From", earliest.Value.From.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", null),
                "it is the earliest and has not passed yet, so no key is current: write a From that has passed, or add an earlier key");
    }

    private static void CheckKey(string name, KeyOptions? key, OptionProblems problems)
    {
        if (string.IsNullOrWhiteSpace(key?.Value))
            problems.AddUnshown($"Keys:{name}:Value", $"is missing; {HowToMakeOne}");
        else if (Decode(key.Value) is not { } bytes)
            problems.AddUnshown($"Keys:{name}:Value", $"is not base64; {HowToMakeOne}");
        else if (bytes.Length < FewestBytes)
            problems.AddUnshown($"Keys:{name}:Value", $"is a key of {bytes.Length} bytes, fewer than {FewestBytes}; {HowToMakeOne}");
    }

    private static void CheckTwins(KeyValuePair<string, KeyOptions>[] keys, OptionProblems problems)
    {
        foreach (var same in keys.GroupBy(entry => entry.Value.From).Where(group => group.Count() > 1))
            problems.AddUnshown("Keys", $"has the same From for {Names(same)}; give each key its own, so that one of them is the newest");

        // Compared as bytes: white space in base64 makes no other key.
        var byValue = keys.GroupBy(entry => Convert.ToHexString(Decode(entry.Value.Value) ?? []));
        foreach (var same in byValue.Where(group => group.Key is not "" && group.Count() > 1))
            problems.AddUnshown("Keys", $"has the same Value for {Names(same)}; remove all but one, or {HowToMakeOne} for each");
    }

    private static string Names(IEnumerable<KeyValuePair<string, KeyOptions>> entries) => string.Join(" and ", entries.Select(entry => entry.Key));

    private static byte[]? Decode(string? text)
    {
        var buffer = new byte[text?.Length ?? 0];
        return Convert.TryFromBase64String(text ?? "", buffer, out var length) ? buffer[..length] : null;
    }
}
