using System.Numerics;
using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>What other nodes tell of a subject, event by event, where the order does not matter.</summary>
internal ref partial struct SubjectState
{
    /// <summary>By how much a snapshot may put something later that is not older than a view can take: a twenty-fourth of that.</summary>
    private const long SnapshotMilliseconds = SubjectReservation.Lifetime / 24;

    /// <summary>
    /// Takes in what other nodes appended; what this node wrote it knows. False where it depends on the order of the log, in which case what was taken in is
    /// worth nothing until the whole log is learned.
    /// </summary>
    public bool TryLearnNews(ReadOnlySpan<byte> news, uint own)
    {
        var reader = new LogReader(news);
        while (reader.NextEntry())
        {
            while (reader.NextEvent(out var next))
            {
                if (reader.Incarnation != own && !TryLearn(next))
                    return false;
            }
        }

        return true;
    }

    private bool TryLearn(in LogEvent next)
    {
        switch (next.Type)
        {
            case LogEventType.Record:
                return TryLearnRecord(next.Fingerprint, next.Time, next.Charge.MaskOf(windows));
            case LogEventType.Shown when Block.Find(next.Fingerprint, Head.LastSeen) is >= 0 and var place:
                Block.Renew(place, next.Time, 0);
                return true;
            case LogEventType.Counts:
                LearnCounts(next.Time, next.Charge.MaskOf(windows), next.Counts);
                return true;
            case LogEventType.Account:
                Accounts.Learn(next.Fingerprint, new KnownAccount(next.FirstSeen, next.LastSeen, next.IsWarned));
                return true;
            default:
                return false;
        }
    }

    /// <summary>A record was shown elsewhere, or is about to be. One that is known already counts at the earlier time.</summary>
    private bool TryLearnRecord(ulong record, long at, uint charge)
    {
        charge &= windows.Records;
        if (charge == 0 || at <= Head.LastSeen - NoveltyMilliseconds || at < ForgottenAt)
            return true;
        if (Block.Find(record, Head.LastSeen) >= 0)
            return false;
        Add(charge, at, 1);
        AddRecord(record, at, charge);
        Head.LastNovel = Math.Max(Head.LastNovel, at);
        Excuse(record, charge);
        return true;
    }

    private void LearnCounts(long at, uint charge, LogCounts counts)
    {
        if (at < ForgottenAt)
            return;
        AddOrSubtract(windows.Views & charge, at, counts.Views);
        AddOrSubtract(windows.Misses & charge, at, counts.Misses);
        AddOrSubtract(windows.Records & ~windows.Pace & charge, at, counts.Records);
        AddOrSubtract(windows.Pace & charge, at, counts.Of(WindowCount.Pace));
        AddOrSubtract(windows.Neighbours & charge, at, counts.Neighbours);
        AddOrSubtract(windows.RawViews, at, counts.RawViews);
        AddOrSubtract(windows.Raw & ~windows.RawViews, at, counts.RawRecords);
    }

    /// <summary>Adds events, or takes them out again: a snapshot may have put those a little later.</summary>
    private void AddOrSubtract(uint bits, long at, int events)
    {
        if (events >= 0)
        {
            Add(bits, at, events);
            return;
        }

        for (; bits != 0; bits &= bits - 1)
        {
            var index = BitOperations.TrailingZeroCount(bits);
            for (var left = -events; left > 0; left--)
                Block.Windows[index].Take(windows[index].IndexAt(at), 1 + (int)(SnapshotMilliseconds / windows[index].SubWindow));
        }
    }
}
