using System.Net;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Operations;

/// <summary>What an operator may see and do: the figures behind the dashboard's routes.</summary>
internal sealed class Operator(
    SettingsSource settings, SubjectTable table, BlockList blocks, Pseudonyms pseudonyms, GuardClock clock, GuardMetrics metrics, ILogger<Operator> logger,
    ISharedState? shared = null)
{
    private readonly DateTimeOffset since = GuardClock.At(clock.Now);

    public SummaryAnswer Summary() => new(
        settings.Current.Options.Mode, since, metrics.Views, metrics.RecordsDisplayed, metrics.BlockedRequests, blocks.Active().Count,
        Enum.GetValues<SubjectType>().Sum(table.CountOf), new RedisAnswer(shared?.State ?? "none", shared?.LagSeconds ?? 0), []);

    public BlocksAnswer Blocks(string? after, int take)
    {
        var active = blocks.Active();
        var start = after is null ? 0 : active.TakeWhile(block => block.Id != after).Count() + 1;
        var page = active.Skip(start).Take(take).ToArray();
        return new BlocksAnswer([.. page.Select(Answer)], start + page.Length < active.Count && page.Length > 0 ? page[^1].Id : null);
    }

    /// <summary>Blocks a subject by hand; what is wrong with the request as text, else null.</summary>
    public string? Block(BlockRequest request, out BlockAnswer? made)
    {
        made = null;
        if (request.Subject is not { } type || string.IsNullOrWhiteSpace(request.Value))
            return "Give subject (Address, Session or Account) and value.";
        if (request.Duration is not { } duration || duration < TimeSpan.FromSeconds(1) || duration > TimeSpan.FromDays(365))
            return "Give duration between 00:00:01 and 365.00:00:00.";
        if (Find(type, request.Value) is not { } key)
        {
            return type == SubjectType.Address
                ? $"'{request.Value}' is no address. Give an IPv4 or IPv6 address."
                : $"'{request.Value}' is no session seen by this node. Give the token that api/subjects shows.";
        }

        var now = clock.Now;
        var block = new Block
        {
            Id = Guid.CreateVersion7(GuardClock.At(now)).ToString("N"),
            Subject = type,
            Hash = Enforcement.Block.HashOf(key),
            Value = type == SubjectType.Address ? AddressText(request.Value)! : key.Token,
            Cause = "operator",
            Reach = request.Reach ?? (type == SubjectType.Address ? BlockReach.Strangers : BlockReach.Everyone),
            Mode = ScrapeGuardMode.Enforce,
            Since = now,
            Until = now + (long)duration.TotalMilliseconds,
            Version = Math.Max(now, (blocks.Last(key)?.Version ?? 0) + 1),
            Explanation = request.Reason ?? "",
        };
        blocks.Apply(block);
        metrics.Blocked(block);
        logger.BlockMade(block, settings.Current.Options.Mode);
        made = Answer(block);
        return null;
    }

    /// <summary>Lifts a block, clears its evidence and protects the subject for the grace period; false for an unknown id.</summary>
    public bool Unblock(string id)
    {
        if (blocks.FindById(id) is not { } block)
            return false;
        var now = clock.Now;
        table.Forget(block.Key);
        blocks.Apply(block with
        {
            IsLifted = true,
            Until = now + (long)settings.Current.Options.Blocks.GracePeriod.TotalMilliseconds,
            Version = Math.Max(now, block.Version + 1),
        });
        return true;
    }

    public SubjectsAnswer Subjects(int top, string? address, string? account, string? reference)
    {
        IEnumerable<SubjectKey> keys = Enum.GetValues<SubjectType>().SelectMany(table.Subjects);
        if (address is not null)
            keys = Find(SubjectType.Address, address) is { } key ? [key] : [];
        else if (account is not null)
            keys = [pseudonyms.Subject(SubjectType.Account, account)];
        else if (reference is not null)
            keys = keys.Where(key => string.Equals(key.Reference, reference.Trim(), StringComparison.OrdinalIgnoreCase));
        var now = clock.Now;
        var found = keys
            .Select(key => (Key: key, Reading: table.Read(key, settings.Current.Limits.WindowsOf(key.Type), now)))
            .Where(subject => subject.Reading is not null)
            .OrderByDescending(subject => subject.Reading!.Displayed)
            .Take(top);
        return new SubjectsAnswer([.. found.Select(subject => Answer(subject.Key, subject.Reading!, address))]);
    }

    private SubjectAnswer Answer(SubjectKey key, SubjectReading reading, string? address)
    {
        var limits = settings.Current.Limits.LimitsOf(key.Type).Select(limit =>
        {
            var count = reading.Counts[limit.WindowIndex].Settled.Total;
            var max = limit.MaxAt(reading.GoodAccounts);
            return new LimitAnswer(limit.Name, count, max, Math.Max(0, max - count));
        });
        var block = blocks.Find(key);
        var value = key.Type != SubjectType.Address ? key.Token : block?.Value ?? (address is null ? key.Token : AddressText(address)!);
        return new SubjectAnswer(
            Enforcement.Block.HashOf(key), key.Type, value, key.Reference, DayOf(WindowCount.Views), DayOf(WindowCount.Records),
            DayOf(WindowCount.RawViews), DayOf(WindowCount.RawRecords), reading.Displayed, [.. limits], block is null ? null : Answer(block));

        int DayOf(WindowCount count)
        {
            var index = reading.Windows.IndexOf(new Window(count, SubjectState.NoveltyMilliseconds));
            return index < 0 ? 0 : reading.Counts[index].Settled.Total;
        }
    }

    private BlockAnswer Answer(Block block) => new(
        block.Id, block.Subject, block.Value, block.Reach, block.Cause, block.Mode, GuardClock.At(block.Since), GuardClock.At(block.Until), block.Views,
        block.Records, blocks.RefusalsOf(block.Key), null, null, block.Key.Reference, block.Explanation);

    private SubjectKey? Find(SubjectType type, string value)
    {
        if (type == SubjectType.Address)
            return AddressText(value) is { } address ? pseudonyms.Subject(type, address) : null;
        if (type == SubjectType.Account)
            return pseudonyms.Subject(type, value);
        foreach (var key in table.Subjects(type))
        {
            if (key.Token == value)
                return key;
        }

        return null;
    }

    private string? AddressText(string value) => IPAddress.TryParse(value.Split('/', 2)[0], out var address)
        ? ClientAddress.SubjectOf(address, settings.Current.Options.Address.IPv6PrefixLength)
        : null;
}
