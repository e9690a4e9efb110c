using System.Buffers.Binary;
using System.Buffers.Text;
using ScrapeGuard.Counting.Log;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// One call of exchange.lua: its keys, its argument and its answer, as the head of that file lists them. Uses its memory again for the next, once it is
/// answered.
/// </summary>
internal sealed class LogScript
{
    /// <summary>How many subjects one script takes: a longer one would keep others waiting.</summary>
    public const int MostKeys = 128;

    /// <summary>An argument longer than this, of many logs told anew, is not kept.</summary>
    private const int MostKept = 64 * 1024;

    private const int AnswerHeadLength = 7;

    // Two numbers with their lengths, the mark, and the length of the entry.
    private const int MostPerKey = 1 + 10 + LogReader.MarkLength + 1 + 19 + sizeof(uint);

    private readonly List<LogExchange> exchanges = [];
    private readonly RedisValue[] arguments = new RedisValue[1];
    private RedisKey[] keys = [];
    private byte[] packed = [];
    private int length;

    public int Count => exchanges.Count;

    public void Add(LogExchange exchange) => exchanges.Add(exchange);

    /// <summary>To be used for another call.</summary>
    public void Clear()
    {
        exchanges.Clear();
        if (packed.Length <= MostKept)
            return;
        packed = [];
        arguments[0] = default;
    }

    /// <summary>Has the exchanges leave their keys to this call, which is used for no other.</summary>
    public void LeaveKeys()
    {
        foreach (var exchange in exchanges)
            exchange.LeaveKey();
    }

    /// <summary>What to send; valid until this is used for another call.</summary>
    public ScriptCall Write(LogKeys names)
    {
        if (keys.Length != exchanges.Count)
            keys = new RedisKey[exchanges.Count];
        length = 0;
        for (var index = 0; index < keys.Length; index++)
        {
            var exchange = exchanges[index];
            keys[index] = exchange.KeyFor(names);
            Write(exchange);
        }

        arguments[0] = packed.AsMemory(0, length);
        return new ScriptCall(keys, arguments);
    }

    /// <summary>Gives each exchange its answer; false where there is none or it makes no sense.</summary>
    public bool TryAnswer(RedisResult? result)
    {
        if (result is null || result.Resp2Type != ResultType.BulkString)
            return false;
        var answer = (ReadOnlyMemory<byte>)(RedisValue)result;
        var next = 0;
        while (!answer.IsEmpty)
        {
            if (answer.Length < AnswerHeadLength)
                return Distrust();
            var index = BinaryPrimitives.ReadUInt16LittleEndian(answer.Span) - 1;
            var status = (LogStatus)answer.Span[2];
            var bytes = BinaryPrimitives.ReadUInt32LittleEndian(answer.Span[3..]);
            if (index < next || index >= exchanges.Count || status > LogStatus.Lost || bytes > answer.Length - AnswerHeadLength)
                return Distrust();
            AnswerUpTo(index, ref next);
            if (status != LogStatus.Unanswered)
                exchanges[index].Answer(status, answer.Slice(AnswerHeadLength, (int)bytes));
            next = index + 1;
            answer = answer[(AnswerHeadLength + (int)bytes)..];
        }

        AnswerUpTo(exchanges.Count, ref next);
        return true;
    }

    private void AnswerUpTo(int index, ref int next)
    {
        for (; next < index; next++)
            exchanges[next].Answer(LogStatus.Appended, default);
    }

    private bool Distrust()
    {
        foreach (var exchange in exchanges)
            exchange.Reset();
        return false;
    }

    private void Write(LogExchange exchange)
    {
        var entry = exchange.Entry.Span;
        if (packed.Length < length + MostPerKey + entry.Length)
            Array.Resize(ref packed, Math.Max(packed.Length * 2, length + MostPerKey + entry.Length));
        Write(exchange.IsKnown ? exchange.Known - LogReader.MarkLength : null);
        BinaryPrimitives.WriteUInt64LittleEndian(packed.AsSpan(length), exchange.Mark);
        length += LogReader.MarkLength;
        Write(exchange.TimeToLive > 0 && exchange.IsExpiryDue ? exchange.TimeToLive : null);
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(length), entry.Length);
        length += sizeof(uint);
        entry.CopyTo(packed.AsSpan(length));
        length += entry.Length;
    }

    private void Write(long? number)
    {
        var digits = 0;
        if (number is { } given)
            Utf8Formatter.TryFormat(given, packed.AsSpan(length + 1), out digits);
        packed[length] = (byte)digits;
        length += 1 + digits;
    }
}
