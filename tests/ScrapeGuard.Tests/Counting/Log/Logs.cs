using CsCheck;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Tests.Counting.Log;

/// <summary>Logs as several nodes write them: what is taken back was counted before, and nothing is of a time to come.</summary>
internal static class Logs
{
    public const long Now = 1_700_000_000_000;
    public const long Day = 86_400_000;

    public static readonly Window[] Windows =
    [
        new(WindowCount.Views, 60_000),
        new(WindowCount.Views, 600_000, Charge: WindowCharge.All),
        new(WindowCount.Records, 600_000),
        new(WindowCount.Records, 3_600_000, Kind: 77, Charge: WindowCharge.All),
        new(WindowCount.Records, Day),
        new(WindowCount.Misses, 3_600_000),
        new(WindowCount.RawViews, Day),
        new(WindowCount.RawRecords, Day),
    ];

    /// <summary>Some seconds, minutes, hours ago, as likely.</summary>
    public static readonly Gen<long> Age = Gen.Select(Gen.Int[0, 9999], Gen.Int[0, 3]).Select(
        (part, scale) => part * (scale switch { 0 => 8L, 1 => 104L, 2 => 1_000L, _ => 9_000L }));

    public static readonly Gen<Step> AnyStep = Gen.Select(Gen.Int[0, 19], Age, Gen.ULong[1, 12], Gen.Int[0, 3], Gen.Int[0, 60], Gen.UInt[1, 5]).Select(
        (act, age, record, charge, number, node) => new Step(act, Now - age, record, charge, number, node));

    public static readonly Gen<byte[]> Log = AnyStep.Array[0, 60].Select(steps => Write(steps));

    public static byte[] Write(IEnumerable<Step> steps, bool hasSlots = true)
    {
        var writer = new LogWriter();
        var log = new List<byte>();
        var claims = new Dictionary<(uint Node, ulong Record), long>();
        var sequence = 0u;
        var node = 1u;
        var isOfSnapshot = false;
        foreach (var given in steps)
        {
            // No two nodes claim a record in the same millisecond: a snapshot would not tell which of them takes it back.
            var step = given with { Time = given.Time - given.Node };

            // A snapshot, as which what tells of others is read, takes nothing back.
            if (step.Node != node || step.Number % 3 == 0 || IsOfSnapshot(step) || isOfSnapshot)
                End();
            isOfSnapshot = IsOfSnapshot(step);
            node = step.Node;
            if (step.Act < 7)
                claims[(node, step.Record)] = step.Time;

            // Most of what is taken back was claimed.
            var withdrawn = claims.TryGetValue((node, step.Record), out var time) && step.Number % 5 != 0 ? time : step.Time;
            Write(writer, step, withdrawn, hasSlots);
        }

        End();
        return [.. log];

        static bool IsOfSnapshot(Step step) => step.Act >= 17;

        void End()
        {
            if (!writer.IsEmpty)
                log.AddRange(writer.End(node, ++sequence).Span);
            writer.Begin();
        }
    }

    public static LogCharge ChargeOf(int number) => number switch
    {
        0 => new LogCharge(ChargeForm.Every, 77),
        1 => new LogCharge(ChargeForm.AllViews, 77),
        2 => new LogCharge(ChargeForm.Listed, 77, LogCharge.LabelsOf([Windows[0], Windows[2], Windows[3]])),
        _ => new LogCharge(ChargeForm.Every, 5),
    };

    private static void Write(LogWriter writer, Step step, long withdrawn, bool hasSlots)
    {
        var charge = ChargeOf(step.Charge);
        switch (step.Act)
        {
            case 0 when hasSlots:
                writer.Shown(step.Time, step.Record, charge);
                break;
            case < 7:
                writer.Record(step.Time, step.Record, charge);
                break;
            case < 9:
                writer.Withdraw(withdrawn, step.Record);
                break;
            case < 13:
                writer.Counts(step.Time, charge, new LogCounts(step.Number, step.Number % 5, step.Number % 3, 1, step.Number % 2));
                break;
            case 13:
                writer.Counts(step.Time, charge, new LogCounts(3, 2, 1, 3, 0));
                writer.Counts(step.Time, charge, new LogCounts(-1, -2, -1, -3, 0));
                break;
            case 14:
                writer.Account(step.Record, step.Time - (step.Number * Day), step.Time - (step.Number * Day / 2), step.Number % 2 == 0);
                break;
            case 15:
                writer.Grant(step.Time, step.Number, step.Time + (step.Number * 100_000));
                break;
            case 16:
                writer.AllowanceUsed(step.Number % 7 - 2);
                break;
            case 17 when step.Number % 4 == 0:
                writer.Forget(step.Time);
                break;
            case 18 when hasSlots:
                var window = Windows[step.Number % Windows.Length];
                var slots = new SlidingWindow();
                slots.Advance(window.IndexAt(step.Time));
                slots.Add(slots.Newest, step.Number);
                slots.Add(slots.Newest - (step.Number % 13), 2);
                writer.Slots(window, slots);
                break;
            default:
                writer.Applied(step.Node + 10, 0, (uint)step.Number);
                break;
        }
    }
}

/// <summary>One random thing that a node writes.</summary>
internal readonly record struct Step(int Act, long Time, ulong Record, int Charge, int Number, uint Node);
