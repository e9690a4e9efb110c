using Microsoft.Extensions.Logging;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Which nodes share counts, when each was last heard, and whether it said good-bye. What a node counts and has not told is missing at all others: while it
/// is silent, and for good where it was killed; so is what only Redis knew of one that stopped, when Redis loses its data.
/// </summary>
/// <param name="logger">Is told of nodes that are missed, are back, or have other keys.</param>
/// <param name="keys">The fingerprints of the keys of this node.</param>
internal sealed class NodeRoster(ILogger logger, params IReadOnlyCollection<string> keys)
{
    /// <summary>For how long a node that says nothing is only late: it says that it is there every five seconds.</summary>
    public const long Patience = 20_000;

    /// <summary>For how long a node is listed after it was last heard: as long as what it showed counts as known.</summary>
    public const long Memory = SubjectState.NoveltyMilliseconds;

    /// <summary>At the first time there may be others that have not said yet that they are there.</summary>
    private const int TimesUntilKnown = 2;

    /// <summary>The most nodes that are remembered; the longest unheard is forgotten first.</summary>
    public const int Most = 1000;

    private readonly Lock changing = new();
    private readonly Dictionary<string, Node> nodes = [];
    private long lostAt;
    private int timesHeard;

    /// <summary>This start of this node.</summary>
    public string Own { get; } = NodeName.Make(keys);

    /// <summary>When Redis was last found to have lost what was known here, in milliseconds; 0 for never.</summary>
    public long LostAt => Volatile.Read(ref lostAt);

    /// <summary>How many nodes share counts, this one included.</summary>
    public int Count(long now)
    {
        lock (changing)
            return 1 + nodes.Values.Count(node => node.IsHeard(now) && !node.IsApart);
    }

    /// <summary>How many nodes say nothing and have not said good-bye.</summary>
    public int Silent(long now)
    {
        lock (changing)
            return nodes.Values.Count(node => node.IsSilent(now) && !node.IsApart);
    }

    /// <summary>How many nodes have keys of which this one has none: what either counts or blocks means nothing to the other.</summary>
    public int Apart(long now)
    {
        lock (changing)
            return nodes.Values.Count(node => node.IsApart && node.IsHeard(now));
    }

    /// <summary>How many nodes may have counted something since a time that is known nowhere any more, or not yet.</summary>
    public int Missing(long since, long now)
    {
        lock (changing)
            return nodes.Values.Count(node => !node.IsApart && (node.IsSilent(now) || (node.HasStopped && node.HeardAt >= since && node.HeardAt <= lostAt)));
    }

    /// <summary>How many nodes may count views, silent ones and this one included; null until all of them had the time to say that they are there.</summary>
    public int? Running()
    {
        lock (changing)
            return timesHeard == TimesUntilKnown ? 1 + Others() : null;
    }

    /// <summary>How many other nodes there are that have not stopped, silent or not.</summary>
    public int Others()
    {
        lock (changing)
            return nodes.Values.Count(node => !node.HasStopped && !node.IsApart);
    }

    /// <summary>Takes in what Redis lists: of each node when it was heard, less than 0 where it has stopped. None was heard later than now.</summary>
    public void Hear(IEnumerable<(string Name, long Heard)> listed, long now)
    {
        lock (changing)
        {
            timesHeard = Math.Min(timesHeard + 1, TimesUntilKnown);
            foreach (var (name, heard) in listed)
            {
                if (name != Own)
                    Hear(name, new Node(Math.Abs(Math.Clamp(heard, -now, now)), heard < 0), now);
            }

            foreach (var (name, node) in nodes)
            {
                if (node.HeardAt <= now - Memory)
                    nodes.Remove(name);
                else if (node.IsSilent(now) && !node.IsMissed && !node.IsApart)
                    Miss(name, node, now);
            }
        }
    }

    /// <summary>Redis lost what was known here.</summary>
    public void NoteLoss(long now) => Volatile.Write(ref lostAt, now);

    private void Hear(string name, Node heard, long now)
    {
        nodes.TryGetValue(name, out var before);
        if (heard.HeardAt < before.HeardAt)
            return;
        if (nodes.Count >= Most && !nodes.ContainsKey(name))
            nodes.Remove(nodes.MinBy(node => node.Value.HeardAt).Key);
        var isApart = before.IsApart || (heard.IsHeard(now) && NodeName.AreApart(Own, name));
        nodes[name] = heard with { IsMissed = before.IsMissed && heard.HeardAt == before.HeardAt, IsApart = isApart };
        if (before.IsMissed && heard.HeardAt > before.HeardAt)
            logger.NodeBack(NodeName.WordOf(name));
        if (isApart && !before.IsApart)
            logger.NodeWithOtherKeys(NodeName.WordOf(name));
    }

    private void Miss(string name, Node node, long now)
    {
        nodes[name] = node with { IsMissed = true };
        logger.NodeSilent(NodeName.WordOf(name), (now - node.HeardAt) / 1000);
    }

    private readonly record struct Node(long HeardAt, bool HasStopped, bool IsMissed = false, bool IsApart = false)
    {
        public bool IsHeard(long now) => !HasStopped && !IsSilent(now);

        public bool IsSilent(long now) => !HasStopped && HeardAt < now - Patience;
    }
}
