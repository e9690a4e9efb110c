using Microsoft.Extensions.Configuration;

namespace ScrapeGuard;

/// <summary>Reads the options from the configuration: one line per option, in the order of the options classes.</summary>
internal static class ScrapeGuardOptionsReader
{
    /// <summary>
    /// Sets what the section names and leaves the rest. Limits of a known name are changed option by option; new names are added. Every unknown name and
    /// every value that does not parse goes to <see cref="ScrapeGuardOptions.Misread"/>, which the validator refuses.
    /// </summary>
    public static void Read(IConfiguration section, ScrapeGuardOptions options) =>
        SectionReader.Read(section, options.Misread, root => ReadAll(root, options));

    private static void ReadAll(SectionReader root, ScrapeGuardOptions options)
    {
        root.Word<ScrapeGuardMode>("Mode", value => options.Mode = value);
        root.Entries("Keys", "give its Value and From, or remove it", (name, section) => ReadKey(section, Entry(options.Keys, name)));
        root.Entries("Pages", "give its Path and Kind, or remove it", (name, section) => ReadPage(section, Entry(options.Pages, name)));
        root.Entries("Limits", "give its options, or set Max to 0 to remove it", (name, section) => ReadLimit(section, Entry(options.Limits, name)));
        root.Section("Signals", section => ReadSignals(section, options.Signals));
        root.Section("StepUp", section => ReadStepUp(section, options.StepUp));
        root.Section("Blocks", section => ReadBlocks(section, options.Blocks));
        root.Section("Address", section => ReadAddress(section, options.Address));
        root.Section("Session", section => section.Text("From", value => options.Session.From = value));
        root.Section("Account", section => ReadAccount(section, options.Account));
        root.Section("Memory", section => section.Number<long>("Budget", value => options.Memory.Budget = value));
        root.Section("Redis", section => ReadRedis(section, options.Redis));
        root.Section("Exposure", section => section.Number<int>("MaxRecords", value => options.Exposure.MaxRecords = value));
        root.NotYet("Network");
        root.NotYet("Journal");
        root.NotYet("Operations");
    }

    private static T Entry<T>(IDictionary<string, T> entries, string name) where T : class, new() =>
        entries.TryGetValue(name, out var existing) && existing is not null ? existing : entries[name] = new();

    private static void ReadKey(SectionReader section, KeyOptions key)
    {
        section.Text("Value", value => key.Value = value);
        section.Moment("From", value => key.From = value);
    }

    private static void ReadPage(SectionReader section, PageOptions page)
    {
        section.Text("Path", value => page.Path = value);
        section.Text("Kind", value => page.Kind = value);
        section.OptionalText("Record", value => page.Record = value);
        section.Word<RecordIdentity>("Identity", value => page.Identity = value);
    }

    private static void ReadLimit(SectionReader section, LimitOptions limit)
    {
        section.Word<SubjectType>("Per", value => limit.Per = value);
        section.Word<CountOf>("Count", value => limit.Count = value);
        section.Duration("Window", value => limit.Window = value);
        section.Number<int>("Max", value => limit.Max = value);
        section.Word("Verdict", value => limit.Verdict = value, Verdict.StepUp, Verdict.Block);
        section.OptionalText("Kind", value => limit.Kind = value);
        section.Word<ChargedViews>("Charge", value => limit.Charge = value);
    }

    private static void ReadSignals(SectionReader section, SignalsOptions signals)
    {
        section.Section("Pace", signal => ReadSignal(signal, signals.Pace));
        section.Section("AddressPace", signal => ReadSignal(signal, signals.AddressPace));
        section.Section("Rotation", signal => ReadSignal(signal, signals.Rotation));
        section.Section("Sweep", signal => ReadSignal(signal, signals.Sweep));
        section.Section("Canary", canary => ReadCanary(canary, signals.Canary));
    }

    private static void ReadSignal(SectionReader section, SignalOptions signal)
    {
        section.Fraction("Sensitivity", value => signal.Sensitivity = value);
        section.Word<SignalVerdict>("Verdict", value => signal.Verdict = value);
    }

    private static void ReadCanary(SectionReader section, CanaryOptions canary)
    {
        section.Word<SignalVerdict>("Verdict", value => canary.Verdict = value);
        section.Section("Records", kinds => kinds.Lists("4711", kind =>
            canary.Records.TryGetValue(kind, out var ids) && ids is not null ? ids : canary.Records[kind] = []));
    }

    private static void ReadStepUp(SectionReader section, StepUpOptions stepUp)
    {
        section.OptionalText("Path", value => stepUp.Path = value);
        section.Number<int>("Allowance", value => stepUp.Allowance = value);
        section.Duration("Lifetime", value => stepUp.Lifetime = value);
        section.Number<int>("MaxPerDay", value => stepUp.MaxPerDay = value);
    }

    private static void ReadBlocks(SectionReader section, BlockOptions blocks)
    {
        section.Duration("Duration", value => blocks.Duration = value);
        section.Duration("MaxDuration", value => blocks.MaxDuration = value);
        section.Number<int>("StatusCode", value => blocks.StatusCode = value);
        section.Duration("GracePeriod", value => blocks.GracePeriod = value);
    }

    private static void ReadAddress(SectionReader section, AddressOptions address)
    {
        section.Number<int>("IPv6PrefixLength", value => address.IPv6PrefixLength = value);
        section.Texts("Exempt", "10.0.0.0/8", address.Exempt);
    }

    private static void ReadAccount(SectionReader section, AccountOptions account)
    {
        section.Text("Claim", value => account.Claim = value);
        section.Texts("Exempt", "monitoring", account.Exempt);
    }

    private static void ReadRedis(SectionReader section, RedisOptions redis)
    {
        section.OptionalText("Configuration", value => redis.Configuration = value);
        section.Text("KeyPrefix", value => redis.KeyPrefix = value);
        section.Word("Consistency", value => redis.Consistency = value, RedisConsistency.Batched, RedisConsistency.Strict);
        section.Duration("FlushInterval", value => redis.FlushInterval = value);
        section.Duration("Timeout", value => redis.Timeout = value);
    }
}
