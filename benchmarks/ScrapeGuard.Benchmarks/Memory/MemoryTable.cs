using System.Globalization;
using ScrapeGuard.Benchmarks.Report;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Benchmarks.Memory;

/// <summary>How many subjects fit into 100 MB, as the heap sees it, and how good the table's own account of that is.</summary>
internal static class MemoryTable
{
    public static readonly Command Command = new(
        "memory",
        "how many bytes a subject takes, and how many fit into 100 MB",
        "--subjects 200000",
        "--subjects 50000",
        AnswerAsync);

    private const double HundredMegabytes = 100e6;
    private const long Now = 1_800_000_000_000;

    /// <summary>Those of each type that count what is shown in all of their windows, and those of a place where people sign in and are at work.</summary>
    private static readonly Held[] AllHeld =
    [
        new("Session", SubjectType.Session, windows => windows.All),
        new("Account", SubjectType.Account, windows => windows.All),
        new("Address", SubjectType.Address, windows => windows.All),
        new("Account at work", SubjectType.Account, windows => windows.Regular),
        new("Address of nobody signed in", SubjectType.Address, windows => windows.Regular | windows.Anonymous),
        new("Address of an account in good standing", SubjectType.Address, windows => windows.Regular & windows.ChargingAll, Account: 1),
    ];

    private static Task AnswerAsync(Arguments arguments)
    {
        var subjects = arguments.Number("subjects", 200_000);
        arguments.End();
        var table = new MarkdownTable("subject", "windows", "records each", "bytes each, on the heap", "by the table's account", "subjects in 100 MB");
        foreach (var held in AllHeld)
        {
            foreach (var records in new[] { 1, 10, 60 })
                Measure(table, held, records, subjects);
        }

        table.Print();
        return Task.CompletedTask;
    }

    private static void Measure(MarkdownTable table, Held held, int records, int subjects)
    {
        Progress.Say($"memory: {held.Name}, {records} records");
        var windows = Windows(held.Type);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var counting = new SubjectTable(16L << 30);
        var empty = counting.Bytes;
        var fixedBytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Fill(counting, held, windows, subjects, records);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before - fixedBytes) / (double)subjects;
        var account = (counting.Bytes - empty) / (double)subjects;
        GC.KeepAlive(counting);
        table.Add(
            held.Name,
            windows.Count.ToString(CultureInfo.InvariantCulture),
            records.ToString(CultureInfo.InvariantCulture),
            bytes.ToString("F0", CultureInfo.InvariantCulture),
            account.ToString("F0", CultureInfo.InvariantCulture),
            (HundredMegabytes / bytes).ToString("N0", CultureInfo.InvariantCulture));
    }

    /// <summary>Three limits, the signals, and what operators are shown whatever the limits are.</summary>
    private static WindowSet Windows(SubjectType type)
    {
        var options = new ScrapeGuardOptions();
        options.Limits.Clear();
        options.Limits["views"] = Limit(type, CountOf.Views, TimeSpan.FromDays(1));
        options.Limits["records"] = Limit(type, CountOf.Records, TimeSpan.FromMinutes(10));
        options.Limits["day"] = Limit(type, CountOf.Records, TimeSpan.FromDays(1));
        return new Detection.LimitSet(options).WindowsOf(type);
    }

    private static LimitOptions Limit(SubjectType type, CountOf count, TimeSpan window) =>
        new() { Per = type, Count = count, Window = window, Max = 500, Verdict = Verdict.Block };

    private static void Fill(SubjectTable table, Held held, WindowSet windows, int subjects, int records)
    {
        var random = new Random(3);
        var counts = new SubjectCounts();
        for (var subject = 0; subject < subjects; subject++)
        {
            var view = new SubjectReservation
            {
                Subject = new SubjectKey(held.Type, new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64())),
                Windows = windows,
                Id = 1,
                At = Now,
                Charge = held.Charge(windows),
                Account = held.Account,
                Records = new ulong[1],
            };
            for (var record = 1; record <= records; record++)
            {
                view.Records[0] = (ulong)random.NextInt64() | 1;
                table.Reserve(view, counts);
                table.Settle(view, new Settlement(Outcome.Displayed, RawRecords: 1), Now);
            }
        }
    }

    /// <summary>Subjects that hold something in the windows that their views are charged to.</summary>
    private sealed record Held(string Name, SubjectType Type, Func<WindowSet, uint> Charge, ulong Account = 0);
}
