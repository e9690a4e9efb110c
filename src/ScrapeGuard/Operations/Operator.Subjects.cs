using ScrapeGuard.Counting;
using ScrapeGuard.Detection;

namespace ScrapeGuard.Operations;

/// <summary>The subjects that an operator asks for, and how far each is from every limit.</summary>
internal sealed partial class Operator
{
    /// <summary>The subjects asked for, by what all nodes have told by now: a node whose clients go on elsewhere hears of it only when it asks.</summary>
    public async ValueTask<SubjectsAnswer> SubjectsAsync(int top, string? address, string? account, string? reference)
    {
        if (shared is null)
            return Subjects(top, address, account, reference);

        // One that is named may be unknown here until the other nodes tell of it.
        SubjectKey[] keys = Named(address, account) is { } named ? [named] : [.. Find(top, address, account, reference, clock.Now).Select(subject => subject.Key)];
        var isCurrent = keys.Length == 0 || await shared.ExchangeAsync(keys, settings.Current.Options.Redis.Timeout);
        return Subjects(top, address, account, reference, isCurrent);
    }

    /// <summary>The subjects asked for, by what this node knows: those tracked here, with what was last heard of the other nodes.</summary>
    public SubjectsAnswer Subjects(int top, string? address, string? account, string? reference, bool isCurrent = true) =>
        new([.. Find(top, address, account, reference, clock.Now).Select(subject => Answer(subject.Key, subject.Reading, address, isCurrent))]);

    private IEnumerable<(SubjectKey Key, SubjectReading Reading)> Find(int top, string? address, string? account, string? reference, long now)
    {
        IEnumerable<SubjectKey> keys = Enum.GetValues<SubjectType>().SelectMany(table.Subjects);
        if (address is not null || account is not null)
            keys = Named(address, account) is { } named ? [named] : [];
        else if (reference is not null)
            keys = keys.Concat(blocks.Active().Select(block => block.Key)).Distinct()
                .Where(key => string.Equals(key.Reference, reference.Trim(), StringComparison.OrdinalIgnoreCase));
        return keys
            .Select(key => (Key: key, Reading: ReadHere(key, now)!))
            .Where(subject => subject.Reading is not null)
            .OrderByDescending(subject => subject.Reading.Displayed)
            .Take(top);
    }

    /// <summary>A subject that is not tracked here may be blocked here all the same: by hand, by another node, or before the last start.</summary>
    private SubjectReading? ReadHere(SubjectKey key, long now)
    {
        var windows = settings.Current.Limits.WindowsOf(key.Type);
        return table.Read(key, windows, now) ?? (blocks.Find(key) is null ? null : SubjectReading.None(windows));
    }

    private SubjectKey? Named(string? address, string? account)
    {
        // For a day after a rotation the older key is judged, and knows more.
        var judged = pseudonyms.Past[pseudonyms.Counted - 1];
        if (address is not null)
            return Parse(address) is { } parsed ? judged.Subject(parsed) : null;
        return account is null ? null : judged.Subject(SubjectType.Account, account);
    }

    private SubjectAnswer Answer(SubjectKey key, SubjectReading reading, string? address, bool isCurrent)
    {
        var limits = settings.Current.Limits.LimitsOf(key.Type).DistinctBy(limit => limit.Title).Select(limit =>
        {
            var count = reading.Counts[limit.WindowIndex].Value;
            var max = limit.MaxAt(reading.GoodAccounts);
            return new LimitAnswer(limit.Title, count, AtMost(count, limit, max, isCurrent), max, Math.Max(0, max - count));
        });
        var block = blocks.Find(key);
        var value = key.Type != SubjectType.Address ? key.Token : block?.Value ?? (table.AddressOf(key) ?? (address is null ? null : Parse(address)))?.ToString() ?? key.Token;
        return new SubjectAnswer(
            Enforcement.Block.HashOf(key), key.Type, value, key.Reference, DayOf(WindowCount.Views), DayOf(WindowCount.Records),
            RawOf(WindowCount.RawViews), RawOf(WindowCount.RawRecords), reading.Displayed, [.. limits], block is null ? null : Answer(block));

        int DayOf(WindowCount count) => RawOf(count) ?? 0;

        // Of an address alone: its other counts are those of its strangers.
        int? RawOf(WindowCount count)
        {
            var index = reading.Windows.IndexOf(new Window(count, SubjectState.NoveltyMilliseconds));
            return index < 0 ? null : reading.Counts[index].Value;
        }
    }

    /// <summary>
    /// What may have been counted: each node that is not heard of lets through at most what the limit admits, completed step-ups included, where it enforces that.
    /// In Observe mode nothing bounds it.
    /// </summary>
    private int? AtMost(int count, Limit limit, int max, bool isCurrent)
    {
        var missing = state?.MissingNodes(clock.Now - limit.Window.Milliseconds, isCurrent) ?? 0;
        if (missing == 0)
            return count;
        var stepUp = settings.Current.Options.StepUp;
        var granted = limit.Verdict == Verdict.StepUp && stepUp.Path is not null ? (long)stepUp.Allowance * stepUp.MaxPerDay : 0;
        return settings.Current.Options.Mode == ScrapeGuardMode.Enforce ? (int)Math.Min(int.MaxValue, count + (missing * (max + granted))) : null;
    }
}
