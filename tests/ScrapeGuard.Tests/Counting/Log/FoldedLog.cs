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

    /// <summary>When each record became novel, per charge.</summary>
    public Dictionary<ulong, Dictionary<string, long>> Records { get; } = [];

    public List<(long Time, string Charge, LogCounts Counts)> Counted { get; } = [];

    public Dictionary<ulong, (long First, long Last, bool IsWarned)> Accounts { get; private set; } = [];

    public List<(long Time, int Allowance, long Until)> Grants { get; private set; } = [];

    /// <summary>The last grant with what was used of it; null where it counts no longer.</summary>
    public (long Until, int Used)? Allowance { get; private set; }

    public static FoldedLog Of(byte[] log, long now)
    {
        var folded = new FoldedLog();
        var reader = new LogReader(log);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
                folded.Add(next, now);
        }

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
        return count + Records.Values.Sum(charges => charges.Any(one => one.Value > after && IsCharged(one.Key, window)) ? 1 : 0);
    }

    /// <summary>One window, slot by slot, as a node folds it.</summary>
    public static SlidingWindow WindowOf(byte[] log, Window window, long now)
    {
        var slots = new Dictionary<long, int>();
        var shown = new Dictionary<ulong, long>();
        var reader = new LogReader(log);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
            {
                switch (next.Type)
                {
                    case LogEventType.Record when window.Count == WindowCount.Records && next.Time > now - Logs.Day && next.Charge.Charges(window):
                        if (shown.TryGetValue(next.Fingerprint, out var earlier) && earlier <= next.Time)
                            break;
                        if (shown.ContainsKey(next.Fingerprint))
                            Add(earlier, -1);
                        Add(next.Time, 1);
                        shown[next.Fingerprint] = next.Time;
                        break;
                    case LogEventType.Withdraw when shown.Remove(next.Fingerprint, out var time):
                        Add(time, -1);
                        break;
                    case LogEventType.Counts when next.Charge.Charges(window):
                        Add(next.Time, next.Counts.Of(window.Count));
                        break;
                    case LogEventType.Forget:
                        slots.Clear();
                        shown.Clear();
                        break;
                    case LogEventType.Slots when next.Window == window:
                        var given = new ushort[SlidingWindow.Slots];
                        next.Slots.CopyTo(given);
                        for (var slot = 0; slot < given.Length; slot++)
                        {
                            var index = next.Slots.Newest - SlidingWindow.SubWindows + slot;
                            slots[index] = Math.Max(slots.GetValueOrDefault(index), given[slot]);
                        }

                        break;
                }
            }
        }

        var newest = window.IndexAt(now);
        return SlidingWindow.From(
            [.. Enumerable.Range(0, SlidingWindow.Slots).Select(slot => (ushort)Math.Max(0, slots.GetValueOrDefault(newest - SlidingWindow.SubWindows + slot)))], newest);

        void Add(long time, int events) =>
            slots[window.IndexAt(time)] = Math.Max(0, slots.GetValueOrDefault(window.IndexAt(time)) + events);
    }

    public static bool HasSlots(byte[] log, Window window)
    {
        var reader = new LogReader(log);
        var has = false;
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
                has = next.Type != LogEventType.Forget && (has || (next.Type == LogEventType.Slots && next.Window == window));
        }

        return has;
    }

    private void Add(in LogEvent next, long now)
    {
        switch (next.Type)
        {
            case LogEventType.Record when next.Time > now - Logs.Day:
                if (!Records.TryGetValue(next.Fingerprint, out var charges))
                    Records[next.Fingerprint] = charges = [];
                var charge = Name(next.Charge);
                charges[charge] = charges.TryGetValue(charge, out var before) ? Math.Min(before, next.Time) : next.Time;
                break;
            case LogEventType.Withdraw:
                Records.Remove(next.Fingerprint);
                break;
            case LogEventType.Counts:
                Counted.Add((next.Time, Name(next.Charge), next.Counts));
                break;
            case LogEventType.Account:
                var known = accounts.TryGetValue(next.Fingerprint, out var seen) ? seen : (First: next.FirstSeen, Last: long.MinValue, IsWarned: false);
                var first = Math.Min(known.First, next.FirstSeen);
                accounts[next.Fingerprint] = next.LastSeen >= known.Last ? (first, next.LastSeen, next.IsWarned) : (first, known.Last, known.IsWarned);
                break;
            case LogEventType.Grant:
                grants.Add((next.Time, next.Allowance, next.Until));
                used = 0;
                break;
            case LogEventType.AllowanceUsed:
                used += next.Units;
                break;
            case LogEventType.Forget:
                Records.Clear();
                Counted.Clear();
                grants.Clear();
                used = 0;
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
