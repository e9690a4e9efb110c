using System.Buffers.Binary;
using ScrapeGuard.Counting.Log;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>The arguments of exchange.lua and its answer, as the head of that file lists them.</summary>
internal static class LogScript
{
    /// <summary>How many subjects one script takes: a longer one would keep others waiting.</summary>
    public const int MostKeys = 128;

    private const int ArgumentsPerKey = 4;
    private const int HeadLength = 7;

    public static string Text { get; } = EmbeddedScript.Read("exchange.lua");

    public static RedisKey[] Keys(LogKeys keys, IReadOnlyList<LogExchange> exchanges)
    {
        var all = new RedisKey[exchanges.Count];
        for (var index = 0; index < all.Length; index++)
            all[index] = exchanges[index].KeyFor(keys);
        return all;
    }

    public static RedisValue[] Arguments(IReadOnlyList<LogExchange> exchanges)
    {
        var arguments = new RedisValue[exchanges.Count * ArgumentsPerKey];
        var marks = new byte[exchanges.Count * LogReader.MarkLength];
        for (var index = 0; index < exchanges.Count; index++)
        {
            var exchange = exchanges[index];
            var own = arguments.AsSpan(index * ArgumentsPerKey, ArgumentsPerKey);
            var mark = marks.AsMemory(index * LogReader.MarkLength, LogReader.MarkLength);
            BinaryPrimitives.WriteUInt64LittleEndian(mark.Span, exchange.Mark);
            own[0] = exchange.IsKnown ? exchange.Known - LogReader.MarkLength : "-";
            own[1] = exchange.IsKnown ? mark : RedisValue.EmptyString;
            own[2] = exchange.Entry;
            own[3] = exchange.TimeToLive > 0 ? exchange.TimeToLive : RedisValue.EmptyString;
        }

        return arguments;
    }

    /// <summary>Gives each exchange its answer; false where there is none or it makes no sense.</summary>
    public static bool TryAnswer(RedisResult? result, IReadOnlyList<LogExchange> exchanges)
    {
        if (result is null || result.Resp2Type != ResultType.BulkString)
            return false;
        var answer = (ReadOnlyMemory<byte>)(RedisValue)result;
        var next = 0;
        while (!answer.IsEmpty)
        {
            if (answer.Length < HeadLength)
                return Distrust(exchanges);
            var index = BinaryPrimitives.ReadUInt16LittleEndian(answer.Span) - 1;
            var status = (LogStatus)answer.Span[2];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(answer.Span[3..]);
            if (index < next || index >= exchanges.Count || status is < LogStatus.News or > LogStatus.Lost || length > answer.Length - HeadLength)
                return Distrust(exchanges);
            AnswerUpTo(index);
            exchanges[index].Answer(status, answer.Slice(HeadLength, (int)length));
            next = index + 1;
            answer = answer[(HeadLength + (int)length)..];
        }

        AnswerUpTo(exchanges.Count);
        return true;

        void AnswerUpTo(int index)
        {
            for (; next < index; next++)
                exchanges[next].Answer(LogStatus.Appended, default);
        }
    }

    private static bool Distrust(IReadOnlyList<LogExchange> exchanges)
    {
        foreach (var exchange in exchanges)
            exchange.Reset();
        return false;
    }
}
