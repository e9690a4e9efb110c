using ScrapeGuard.Counting.Log;
using ScrapeGuard.Counting.Redis;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>The log of one subject as exchange.lua and compact.lua keep it, in memory.</summary>
internal sealed class MemoryLog
{
    public byte[] Bytes { get; set; } = [];

    public void Exchange(LogExchange exchange)
    {
        exchange.Reset();
        var entry = exchange.Entry.ToArray();
        var known = exchange.Known;
        if (!exchange.IsKnown)
            Meet(exchange, entry, isKnown: false);
        else if (Bytes.Length < known || BitConverter.ToUInt64(Bytes, known - LogReader.MarkLength) != exchange.Mark)
            Meet(exchange, entry, isKnown: true);
        else
            Read(exchange, entry, Bytes[known..]);
    }

    public CompactedLog? Compact(long now, uint incarnation, uint sequence, long memory)
    {
        if (Bytes.Length == 0)
            return null;
        var snapshot = LogSnapshot.Compact(Bytes, now, incarnation, sequence, 2000, memory);
        var compacted = new CompactedLog(Bytes.Length, LogReader.LastMark(Bytes), snapshot.Length, LogReader.LastMark(snapshot));
        Bytes = snapshot;
        return compacted;
    }

    private void Read(LogExchange exchange, byte[] entry, byte[] news)
    {
        if (entry.Length > 0 && news.AsSpan().IndexOf(entry) < 0)
            Bytes = [.. Bytes, .. entry];
        exchange.Answer(news.Length == 0 ? LogStatus.Appended : LogStatus.News, news);
    }

    private void Meet(LogExchange exchange, byte[] entry, bool isKnown)
    {
        var before = Bytes;
        if (before.Length == 0 && isKnown)
        {
            exchange.Answer(LogStatus.Lost, default);
            return;
        }

        var isAppended = !isKnown && entry.Length > 0 && !LogReader.Holds(before, LogReader.LastMark(entry));
        if (isAppended)
            Bytes = [.. before, .. entry];
        if (before.Length == 0)
            exchange.Answer(LogStatus.Appended, default);
        else
            exchange.Answer(isAppended ? LogStatus.WholeAppended : LogStatus.Whole, before);
    }
}
