using System.Globalization;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Tests.Counting.Log;

/// <summary>What a log says, folded the plain way: every time is kept.</summary>
internal sealed class FoldedLog
{
    private readonly Dictionary<ulong, (long First, long Last, bool IsWarned)> accounts = [];
    private readonly List<(long Time, int Allowance, long Until)> grants = [];
    private readonly Dictionary<string, Window[]> charged = [];
    private int used;
    private long forgottenAt;

    /// <summary>The claims of each record that no node has taken back.</summary>
    public Dictionary<ulong, List<(uint Node, long Time, string Charge)>> Records { get; } = [];

    public List<(long Time, string Charge, LogCounts Counts)> Counted { get; } = [];

    public Dictionary<ulong, (long First, long Last, bool IsWarned)> Accounts { get; private set; } = [];

    public List<(long Time, int Allowance, long Until)> Grants { get; private set; } = [];

    /// <summary>The last grant with what was used of it; null where it counts no longer.</summary>
    public (long Until, int Used)? Allowance { get; private set; }

    public static FoldedLog Of(byte[] log, long now)
    {
        var folded = new FoldedLog { forgottenAt = ForgottenAt(log) };
        var reader = new LogReader(log);
        while (reader.NextEntry())
        {
            var node = reader.Incarnation;
            while (reader.NextEvent(out var next))
            {
                node = next.Type == LogEventType.Applied ? 0 : node;
                folded.Add(next, node, now);
            }
        }

        foreach (var record in folded.Records.Where(record => record.Value.All(claim => claim.Time <= now - Logs.Day)).Select(record => record.Key).ToArray())
            folded.Records.Remove(record);
        folded.Accounts = folded.accounts.Where(account => account.Value.Last > now - KnownAccounts.Memory).ToDictionary();
        folded.Grants = [.. folded.grants.SkipWhile(grant => grant.Time <= now - Logs.Day && grant.Until <= now)];
        folded.Allowance = folded.Grants.Count > 0 ? (folded.grants[^1].Until, folded.used) : null;
        return folded;
    }

    /// <summary>How many events after a time are charged to windows like this.</summary>
    public int CountOf(Window window, long after)
    {
        var count = Counted.Where(one => one.Time > after && IsCharged(one.Charge, window)).Sum(one => one.Counts.Of(window.Count));
        if (window.Count != WindowCount.Records)
            return count;
        return count + Records.Keys.Sum(record => NovelIn(record, window).Count(time => time > after));
    }

    /// <summary>When a record was shown to whom it had not been shown for a day, as a window sees it.</summary>
    public IEnumerable<long> NovelIn(ulong record, Window window)
    {
        var last = long.MinValue / 2;
        foreach (var time in Records[record].Where(claim => IsCharged(claim.Charge, window)).Select(claim => claim.Time).Order())
        {
            if (time - last >= Logs.Day)
                yield return time;
            last = time;
        }
    }

    private static long ForgottenAt(byte[] log)
    {
        var at = 0L;
        var reader = new LogReader(log);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
                at = next.Type == LogEventType.Forget ? Math.Max(at, next.Time) : at;
        }

        return at;
    }

    private void Add(in LogEvent next, uint node, long now)
    {
        switch (next.Type)
        {
            case LogEventType.Record or LogEventType.Shown when next.Time >= forgottenAt:
                if (!Records.TryGetValue(next.Fingerprint, out var claims))
                    Records[next.Fingerprint] = claims = [];
                claims.Add((node, next.Time, Name(next.Charge)));
                break;
            case LogEventType.Withdraw when Records.TryGetValue(next.Fingerprint, out var claimed):
                var time = next.Time;
                claimed.RemoveAll(claim => (claim.Node == node || claim.Node == 0) && claim.Time == time);
                if (claimed.Count == 0)
                    Records.Remove(next.Fingerprint);
                break;
            case LogEventType.Counts when next.Time >= forgottenAt:
                Counted.Add((next.Time, Name(next.Charge), next.Counts));
                break;
            case LogEventType.Account when next.LastSeen > now - KnownAccounts.Memory:
                var known = accounts.TryGetValue(next.Fingerprint, out var seen) ? seen : (First: next.FirstSeen, Last: long.MinValue, IsWarned: false);
                var first = Math.Min(known.First, next.FirstSeen);
                accounts[next.Fingerprint] = next.LastSeen >= known.Last ? (first, next.LastSeen, next.IsWarned) : (first, known.Last, known.IsWarned);
                break;
            case LogEventType.Grant when next.Time >= forgottenAt:
                grants.Add((next.Time, next.Allowance, next.Until));
                used = 0;
                break;
            case LogEventType.AllowanceUsed when grants.Count > 0:
                used += next.Units;
                break;
        }
    }

    /// <summary>A name for a charge, and which of the windows of all lengths it charges.</summary>
    private string Name(LogCharge charge)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{charge.Form}/{charge.Kind}/{Convert.ToHexString(charge.Labels)}");
        if (charged.ContainsKey(name))
            return name;
        var windows = new List<Window>();
        foreach (var window in Logs.Windows)
        {
            if (charge.Charges(window))
                windows.Add(window with { Milliseconds = 0 });
        }

        charged[name] = [.. windows];
        return name;
    }

    private bool IsCharged(string charge, Window window) => charged[charge].Contains(window with { Milliseconds = 0 });
}
