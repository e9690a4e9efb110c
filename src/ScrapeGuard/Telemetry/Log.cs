using Microsoft.Extensions.Logging;
using ScrapeGuard.Enforcement;

namespace ScrapeGuard.Telemetry;

/// <summary>Every message ScrapeGuard logs. An id is never used again for another message.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "ScrapeGuard observes and refuses nothing. Set ScrapeGuard:Mode to Enforce to refuse views past a limit.")]
    public static partial void Observing(this ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "ScrapeGuard's settings were reloaded; mode {Mode}.")]
    public static partial void Reloaded(this ILogger logger, ScrapeGuardMode mode);

    [LoggerMessage(3, LogLevel.Error, "ScrapeGuard's changed settings are refused and the old ones stay. {Problems}")]
    public static partial void ReloadRefused(this ILogger logger, string problems);

    [LoggerMessage(4, LogLevel.Warning, "Keys, Memory and Redis of ScrapeGuard were changed; they take effect at the next start.")]
    public static partial void RestartNeeded(this ILogger logger);

    [LoggerMessage(5, LogLevel.Warning,
        "No key is configured, so sessions and pseudonyms end with this process. Make one with `scrapeguard new-key` and set it in ScrapeGuard:Keys.")]
    public static partial void RandomKey(this ILogger logger);

    [LoggerMessage(6, LogLevel.Warning,
        "A request for a display page has no remote address (a Unix socket?), so no limit per address applies. Let UseForwardedHeaders set it before UseScrapeGuard.")]
    public static partial void NoRemoteAddress(this ILogger logger);

    [LoggerMessage(7, LogLevel.Warning,
        "UseScrapeGuard runs before authentication and sees no account. Move app.UseScrapeGuard() after app.UseAuthentication().")]
    public static partial void BeforeAuthentication(this ILogger logger);

    [LoggerMessage(8, LogLevel.Warning,
        "UseScrapeGuard runs after authorization and does not see refusals. Move app.UseScrapeGuard() before app.UseAuthorization().")]
    public static partial void AfterAuthorization(this ILogger logger);

    [LoggerMessage(9, LogLevel.Warning,
        "UseScrapeGuard runs before routing and sees no endpoint. Move app.UseScrapeGuard() after app.UseRouting().")]
    public static partial void BeforeRouting(this ILogger logger);

    [LoggerMessage(10, LogLevel.Warning, "The display page {Page} opened a WebSocket. What is shown over one is not counted; protect it by other means.")]
    public static partial void WebSocketNotCovered(this ILogger logger, string? page);

    [LoggerMessage(11, LogLevel.Warning, "A list of {Records} records can never pass the limit {Limit} of at most {Max}. Show fewer per page, or raise Max.")]
    public static partial void ListLongerThanLimit(this ILogger logger, int records, string limit, int max);

    [LoggerMessage(12, LogLevel.Warning, "{Line}")]
    public static partial void Blocked(this ILogger logger, string line);

    [LoggerMessage(13, LogLevel.Information, "{Line}")]
    public static partial void Refused(this ILogger logger, string line);

    [LoggerMessage(14, LogLevel.Warning,
        "Redis does not answer ({Reason}). This node counts and blocks by itself until it does. Check the server and ScrapeGuard:Redis:Configuration.")]
    public static partial void RedisAway(this ILogger logger, string reason);

    [LoggerMessage(15, LogLevel.Information, "Redis answers again after {Seconds:F1} s; counts and blocks are shared.")]
    public static partial void RedisBack(this ILogger logger, double seconds);

    [LoggerMessage(16, LogLevel.Warning,
        "Redis at {Endpoint} is reached without TLS. Add ssl=true to ScrapeGuard:Redis:Configuration, or let only trusted machines see that network.")]
    public static partial void RedisWithoutTls(this ILogger logger, string? endpoint);

    [LoggerMessage(17, LogLevel.Warning,
        "Redis evicts keys when it is full (maxmemory-policy {Policy}), and evicted evidence is forgotten. Give ScrapeGuard a Redis with maxmemory-policy noeviction.")]
    public static partial void RedisEvicts(this ILogger logger, string policy);

    [LoggerMessage(18, LogLevel.Warning,
        "Redis holds or sent a block entry that no key of ScrapeGuard:Keys signed; it is ignored. Find out who else writes to that Redis, or give every node the same keys.")]
    public static partial void ForgedBlock(this ILogger logger);

    [LoggerMessage(19, LogLevel.Warning, "The blocks in Redis could not be read or written ({Reason}); it is tried again when Redis next answers.")]
    public static partial void BlocksNotShared(this ILogger logger, string reason);

    [LoggerMessage(21, LogLevel.Warning,
        "A request carries X-Forwarded-For, and nothing used it. If a proxy stands before the portal, all its clients count as one address: set ForwardedHeaders and KnownProxies of ForwardedHeadersOptions, and call app.UseForwardedHeaders() first.")]
    public static partial void ForwardedHeaderUnused(this ILogger logger);

    [LoggerMessage(22, LogLevel.Warning,
        "ScrapeGuard no longer enforces: the reloaded settings say Observe, and nothing is refused from now on. Set ScrapeGuard:Mode to Enforce if that was no decision.")]
    public static partial void NoLongerEnforcing(this ILogger logger);

    [LoggerMessage(20, LogLevel.Information, "A step-up was completed for {Subject} {Reference}: {Result}.")]
    public static partial void StepUpCompleted(this ILogger logger, string subject, string reference, string result);

    [LoggerMessage(23, LogLevel.Warning,
        "Redis lost counts that this node knew: it was restarted, failed over or evicts keys. What every node knows is stored again. Where a node has stopped "
        + "since, what only Redis knew of it is gone: api/subjects says how much that is at most.")]
    public static partial void RedisLostCounts(this ILogger logger);

    [LoggerMessage(24, LogLevel.Error,
        "Counts could not be sent to Redis or taken from it, because of a defect in ScrapeGuard; the next flush tries again. Report this with its stack trace.")]
    public static partial void FlushFailed(this ILogger logger, Exception exception);

    [LoggerMessage(25, LogLevel.Warning,
        "Node {Node} was last heard {Seconds} s ago and did not say good-bye: it was killed, stalls, or is cut off from Redis. What it counted and has not told "
        + "is missing here, and if it still runs it refuses by its own counts only: find it. api/subjects says how much is missing at most.")]
    public static partial void NodeSilent(this ILogger logger, string node, long seconds);

    [LoggerMessage(26, LogLevel.Information, "Node {Node} is heard again; what it counted meanwhile is told.")]
    public static partial void NodeBack(this ILogger logger, string node);

    [LoggerMessage(27, LogLevel.Warning,
        "Node {Node} shares this Redis and has none of this node's keys: neither takes part in the counts of the other or obeys its blocks. Give every node the "
        + "same ScrapeGuard:Keys, or each portal a ScrapeGuard:Redis:KeyPrefix of its own.")]
    public static partial void NodeWithOtherKeys(this ILogger logger, string node);

    [LoggerMessage(40, LogLevel.Warning,
        "UseScrapeGuard runs after the authorization that WebApplication added, and does not see refusals. Add app.UseAuthorization() after app.UseScrapeGuard().")]
    public static partial void AfterAddedAuthorization(this ILogger logger);

    [LoggerMessage(41, LogLevel.Warning, "Display pages are named and nothing guards them. Add app.UseScrapeGuard() after app.UseAuthentication().")]
    public static partial void NotUsed(this ILogger logger);

    [LoggerMessage(42, LogLevel.Warning,
        "The response of the display page {Page} is cached, so that it may be shown without being counted. Take its output or response caching away.")]
    public static partial void OutputCached(this ILogger logger, string? page);

    [LoggerMessage(43, LogLevel.Warning,
        "The display page {Page} is a Blazor component. What it shows over a circuit is not counted; render it statically, or show records by another page.")]
    public static partial void ComponentNotCovered(this ILogger logger, string? page);

    [LoggerMessage(44, LogLevel.Warning,
        "The display page {Page} is a SignalR hub. What it sends is not counted; show records by pages, and take RequireScrapeGuard off the hub.")]
    public static partial void HubNotCovered(this ILogger logger, string? page);

    [LoggerMessage(45, LogLevel.Warning,
        "The display page {Page} has no route value or argument {Record}, so its views are counted and its records are not. Correct the name of the record, "
        + "or give RequireScrapeGuard a delegate that finds it.")]
    public static partial void RecordNotFound(this ILogger logger, string? page, string record);

    [LoggerMessage(50, LogLevel.Warning,
        "A record of kind {Kind} that exists for nobody was asked for by {Subject} {Reference}: {Result}. Find out how its id got there, and see in "
        + "api/subjects?reference= what else was shown.")]
    public static partial void CanaryAskedFor(this ILogger logger, string kind, string subject, string reference, string result);

    [LoggerMessage(51, LogLevel.Warning,
        "Two addresses were shown {Percent} % of the {Records} novel records that this node displayed in about the last hour, to {Addresses} addresses or "
        + "more. Open api/summary to see which they are and api/subjects?address= to see who reads there: a large site at work, or somebody who empties the "
        + "portal below every limit. Block the address or the account by api/blocks if it is the latter.")]
    public static partial void Concentrated(this ILogger logger, int percent, long records, int addresses);

    [LoggerMessage(52, LogLevel.Warning,
        "Numbers are read one after the other from several addresses together, in {Ranges} ranges of 32 by now: somebody deals a sequence of ids out to many "
        + "accounts or addresses. Those who have part in it are asked to step up, and blocked for Sweep past five records; see api/blocks, and api/subjects "
        + "for what they were shown.")]
    public static partial void SweepFound(this ILogger logger, int ranges);

    [LoggerMessage(53, LogLevel.Warning,
        "What the other nodes say of numbers that were tried is not heard: {Problem}. A sweep over several nodes may go unnoticed; it is tried again.")]
    public static partial void SweepsNotShared(this ILogger logger, string problem);

    [LoggerMessage(54, LogLevel.Warning,
        "Somebody without a key tells the nodes of numbers that were tried, or a node has another key. It is ignored; see who may write into Redis, and give all "
        + "nodes the same Keys.")]
    public static partial void ForgedTries(this ILogger logger);

    [LoggerMessage(55, LogLevel.Warning,
        "ScrapeGuard:{Option} is for records of the kind '{Kind}', which no display page shows: they show {Kinds}. Correct it, unless CountRecordsAsync "
        + "counts that kind.")]
    public static partial void KindNotShown(this ILogger logger, string option, string kind, string kinds);

    /// <summary>Says that a block was made. What reads the first of the two lines locks the address out, so it is for blocks that really lock it out.</summary>
    /// <param name="logger">The log.</param>
    /// <param name="block">The block.</param>
    /// <param name="mode">Whether the block is carried out now.</param>
    public static void BlockMade(this ILogger logger, Block block, ScrapeGuardMode mode)
    {
        if (block is { Subject: SubjectType.Address, Reach: BlockReach.Everyone } && mode == ScrapeGuardMode.Enforce)
            logger.Blocked(LogLines.Blocked(block));
        else
            logger.Refused(LogLines.Refused(block.Since, block.Key, block.Cause, Verdict.Block, mode));
    }
}
