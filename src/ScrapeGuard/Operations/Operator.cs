using System.Globalization;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection.Signals;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Operations;

/// <summary>What an operator may see and do: the figures behind the dashboard's routes.</summary>
internal sealed partial class Operator(
    SettingsSource settings, SubjectTable table, BlockList blocks, Pseudonyms pseudonyms, GuardClock clock, GuardMetrics metrics, ILogger<Operator> logger,
    ConcentrationSignal concentration, ISharedState? state = null, ISharedSubjects? shared = null)
{
    private const int MostReason = 500;
    private const int MostShares = 5;

    public SummaryAnswer Summary() => new(
        settings.Current.Options.Mode, clock.Start, metrics.Views, metrics.RecordsDisplayed, metrics.BlockedRequests, blocks.Active().Count,
        Enum.GetValues<SubjectType>().Sum(table.CountOf), new RedisAnswer(
            state?.State ?? "none", state?.LagSeconds ?? 0, state?.Nodes ?? 1, state?.SilentNodes ?? 0, state?.LostAt), Concentration());

    private ShareAnswer[] Concentration()
    {
        var reading = concentration.Read(MostShares, clock.Now);
        return [.. reading.Busiest.Select(one => new ShareAnswer(one.Address.ToString(), Math.Round(reading.ShareOf(one.Records), 3)))];
    }

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
        if (FindProblem(request) is { } problem)
            return problem;
        var type = request.Subject!.Value;
        if (Find(type, request.Value!) is not { } key)
        {
            return type == SubjectType.Address
                ? $"'{request.Value}' is no address that can be blocked. Give {AddressText.Allowed}."
                : $"'{request.Value}' is no session seen by this node. Give the token that api/subjects shows.";
        }

        var now = clock.Now;
        var block = new Block
        {
            Id = Guid.CreateVersion7(GuardClock.At(now)).ToString("N"),
            Subject = type,
            Hash = Enforcement.Block.HashOf(key),
            Value = type == SubjectType.Address ? Parse(request.Value!).ToString()! : key.Token,
            Cause = "operator",
            Reach = request.Reach ?? (type == SubjectType.Address ? BlockReach.Strangers : BlockReach.Everyone),
            Mode = ScrapeGuardMode.Enforce,
            Since = now,
            Until = now + (long)DurationOf(request.Duration)!.Value.TotalMilliseconds,
            Version = Math.Max(now, (blocks.Last(key)?.Version ?? 0) + 1),
            Explanation = request.Reason ?? "",
        };
        blocks.Apply(block);
        metrics.Blocked(block);
        logger.BlockMade(block, settings.Current.Options.Mode);
        made = Answer(block);
        return null;
    }

    /// <summary>Lifts a block on every node, clears its evidence and protects the subject for the grace period; false for an unknown id.</summary>
    public async ValueTask<bool> UnblockAsync(string id)
    {
        if (blocks.FindById(id) is not { } block)
            return false;

        // No view that came before is later than this on any node.
        var now = clock.Exact;
        table.Forget(block.Key, settings.Current.Limits.WindowsOf(block.Subject), now, isTold: true);
        blocks.Apply(block with
        {
            IsLifted = true,
            GraceUntil = now + (long)settings.Current.Options.Blocks.GracePeriod.TotalMilliseconds,
            Version = Math.Max(now, block.Version + 1),
        });
        if (shared is not null)
            await shared.ExchangeAsync([block.Key], settings.Current.Options.Redis.Timeout);
        return true;
    }

    /// <summary>Whether a text names an address that subjects are counted for.</summary>
    public bool IsAddress(string text) => Parse(text) is not null;

    private static string? FindProblem(BlockRequest request)
    {
        if (request.Subject is not { } type || !Enum.IsDefined(type) || string.IsNullOrWhiteSpace(request.Value))
            return "Give subject (Address, Session or Account) and value.";
        if (DurationOf(request.Duration) is not { } duration || duration < TimeSpan.FromSeconds(1) || duration > TimeSpan.FromDays(365))
            return "Give duration as [d.]hh:mm:ss, between 00:00:01 and 365.00:00:00.";
        if (request.Reach is { } reach && (!Enum.IsDefined(reach) || (type != SubjectType.Address && reach != BlockReach.Everyone)))
            return "Give reach as Strangers, Newcomers or Everyone for an address, and leave it out for a session or an account.";
        return request.Reason?.Length > MostReason ? $"Give a reason of at most {MostReason} characters." : null;
    }

    /// <summary>Hours, minutes and seconds must be written: .NET reads a bare 10 as ten days.</summary>
    private static TimeSpan? DurationOf(string? text) =>
        TimeSpan.TryParseExact(text, ["c", @"d\.hh\:mm\:ss"], CultureInfo.InvariantCulture, out var duration) && text!.Count(letter => letter == ':') == 2
            ? duration
            : null;

    private BlockAnswer Answer(Block block) => new(
        block.Id, block.Subject, block.Value, block.Reach, block.Cause, block.Mode, GuardClock.At(block.Since), GuardClock.At(block.Until), block.Views,
        block.Records, blocks.RefusalsOf(block.Key), null, null, block.Key.Reference, block.Explanation);

    private SubjectKey? Find(SubjectType type, string value)
    {
        if (type == SubjectType.Address)
            return Parse(value) is { } address ? pseudonyms.Subject(address) : null;

        // A token as api/subjects shows it, else an account in clear.
        foreach (var key in table.Subjects(type))
        {
            if (key.Token == value)
                return key;
        }

        return type == SubjectType.Account ? pseudonyms.Subject(type, value) : null;
    }

    private AddressInClear? Parse(string value) => AddressText.Parse(value, settings.Current.Options.Address.IPv6PrefixLength);
}
