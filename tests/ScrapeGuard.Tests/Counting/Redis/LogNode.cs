using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Log;
using ScrapeGuard.Counting.Redis;
using ScrapeGuard.Tests.Counting.Log;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>A node that replicates the log of one subject, byte for byte, and appends one view at a time.</summary>
internal sealed class LogNode(RedisLogs logs, SubjectKey subject, uint incarnation)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly LogWriter writer = new();
    private byte[] pending = [];
    private ulong mark;
    private uint sequence;

    public LogExchange Exchange { get; } = new() { Subject = subject, TimeToLive = 3_600_000 };

    /// <summary>The log as this node knows it.</summary>
    public byte[] Replica { get; private set; } = [];

    /// <summary>The entry that is not known to be in the log, or none.</summary>
    public bool IsPending => pending.Length > 0;

    public ulong PendingMark => BitConverter.ToUInt64(pending.AsSpan(^8..));

    /// <summary>Counts a view, to be sent by the next exchange.</summary>
    public void View()
    {
        if (!IsPending)
            ViewAnew();
    }

    /// <summary>Counts the view that is pending in an entry of another mark.</summary>
    public void ViewAnew()
    {
        writer.Begin();
        writer.Counts(Logs.Now, Logs.ChargeOf(0), new LogCounts(Views: 1));
        pending = writer.End(incarnation, ++sequence).ToArray();
    }

    public async Task<bool> SendAsync()
    {
        Prepare();
        return await logs.ExchangeAsync([Exchange], Patience);
    }

    public void Prepare() => (Exchange.Known, Exchange.Mark, Exchange.Entry) = (Replica.Length, mark, pending);

    /// <summary>Believes the answer; returns whether what was pending is in the log.</summary>
    public bool Apply()
    {
        var news = Exchange.News.ToArray();
        Replica = Exchange.Status switch
        {
            LogStatus.Appended => [.. Exchange.IsKnown ? Replica : [], .. pending],
            LogStatus.News when Exchange.Length == Replica.Length + news.Length => [.. Replica, .. news],
            LogStatus.News => [.. Replica, .. news, .. pending],
            LogStatus.Whole => news,
            LogStatus.WholeAppended => [.. news, .. pending],
            LogStatus.Lost => [],
            _ => Replica,
        };
        if (Exchange.Status != LogStatus.Unanswered)
        {
            Assert.Equal(Replica.Length, Exchange.Length);
            mark = Exchange.LastMark;
        }

        if (Exchange.IsHeld)
            pending = [];
        return Exchange.IsHeld;
    }

    public async Task<bool> CompactAsync() => await logs.CompactAsync(subject, Logs.Now, incarnation, ++sequence, 2000, Logs.Day, 3_600_000) is not null;
}
