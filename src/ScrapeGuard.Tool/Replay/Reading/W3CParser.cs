using System.Buffers.Text;
using System.Text;

namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>
/// The extended log format of the W3C, as IIS writes it: <c>#Fields:</c> names what the lines after it hold, and may come again. Times are UTC.
/// </summary>
internal sealed class W3CParser(SubjectFields fields) : LineParser
{
    private const int DateLength = 10;

    private static readonly int Fields = Enum.GetValues<W3CField>().Length;

    private readonly LogTimes times = new();
    private readonly byte[] moment = new byte[DateLength + 30];
    private readonly Range[] places = new Range[Fields];
    private byte[] target = new byte[1024];
    private byte[] userAgent = new byte[1024];
    private W3CField[] columns = [];

    public override LineContent Read(ReadOnlySpan<byte> text, ref LogLine line)
    {
        if (text is [(byte)'#', ..])
        {
            TakeDirective(text);
            return LineContent.Directive;
        }

        return columns.Length > 0 && Split(text) && Take(text, ref line) ? LineContent.Entry : LineContent.Bad;
    }

    public override string? FindProblem(ReadOnlySpan<byte> text) => columns.Length > 0 && text.Length < LineReader.LongestLine ? null : base.FindProblem(text);

    private void TakeDirective(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("#Fields:"u8))
            columns = [.. Encoding.UTF8.GetString(text["#Fields:".Length..]).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(FieldOf)];

        // The day of lines that tell the hour only.
        else if (text.StartsWith("#Date:"u8) && text["#Date:".Length..].Trim((byte)' ') is { Length: >= DateLength } date)
            date[..DateLength].CopyTo(moment);
    }

    private W3CField FieldOf(string name)
    {
        if (name.Equals(fields.Account, StringComparison.OrdinalIgnoreCase))
            return W3CField.Account;
        if (name.Equals(fields.Session, StringComparison.OrdinalIgnoreCase))
            return W3CField.Session;
        return name.ToLowerInvariant() switch
        {
            "date" => W3CField.Date,
            "time" => W3CField.Time,
            "c-ip" => W3CField.Client,
            "cs-method" => W3CField.Method,
            "cs-uri-stem" or "cs-uri" => W3CField.Path,
            "cs-uri-query" => W3CField.Query,
            "sc-status" => W3CField.Status,
            "cs(user-agent)" => W3CField.UserAgent,
            _ => W3CField.Other,
        };
    }

    /// <summary>Finds the value of every column; a line with more or fewer was cut, or is of another log.</summary>
    private bool Split(ReadOnlySpan<byte> text)
    {
        Array.Clear(places);
        var start = 0;
        for (var column = 0; column < columns.Length; column++)
        {
            if (start > text.Length)
                return false;
            var length = text[start..].IndexOfAny((byte)' ', (byte)'\t');
            var end = length < 0 ? text.Length : start + length;

            // A dash is no value.
            if (!text[start..end].SequenceEqual("-"u8))
                places[(int)columns[column]] = start..end;
            start = end + 1;
        }

        return start >= text.Length;
    }

    private bool Take(ReadOnlySpan<byte> text, ref LogLine line)
    {
        if (!TryTime(text[places[(int)W3CField.Date]], text[places[(int)W3CField.Time]], out var at))
            return false;
        var status = text[places[(int)W3CField.Status]];
        var number = 0;
        if (!status.IsEmpty && (!Utf8Parser.TryParse(status, out number, out var used) || used != status.Length))
            return false;
        line.At = at;
        line.Status = number;
        line.Client = text[places[(int)W3CField.Client]];
        line.Account = text[places[(int)W3CField.Account]];
        line.Session = text[places[(int)W3CField.Session]];
        line.Method = text[places[(int)W3CField.Method]];
        line.Target = Join(text[places[(int)W3CField.Path]], text[places[(int)W3CField.Query]]);
        line.UserAgent = Spaced(text[places[(int)W3CField.UserAgent]]);
        return true;
    }

    private bool TryTime(ReadOnlySpan<byte> date, ReadOnlySpan<byte> time, out long at)
    {
        at = 0;
        if (date.Length == DateLength)
            date.CopyTo(moment);
        else if (!date.IsEmpty)
            return false;
        var length = DateLength + 1 + time.Length;
        if (time.IsEmpty || length > moment.Length || moment[0] == 0)
            return false;
        moment[DateLength] = (byte)' ';
        time.CopyTo(moment.AsSpan(DateLength + 1));
        return times.TryRead(moment.AsSpan(0, length), out at);
    }

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query)
    {
        if (query.IsEmpty)
            return path;
        var length = path.Length + 1 + query.Length;
        if (target.Length < length)
            target = new byte[length * 2];
        path.CopyTo(target);
        target[path.Length] = (byte)'?';
        query.CopyTo(target.AsSpan(path.Length + 1));
        return target.AsSpan(0, length);
    }

    /// <summary>A space is written as a plus.</summary>
    private ReadOnlySpan<byte> Spaced(ReadOnlySpan<byte> text)
    {
        if (userAgent.Length < text.Length)
            userAgent = new byte[text.Length * 2];
        text.Replace(userAgent, (byte)'+', (byte)' ');
        return userAgent.AsSpan(0, text.Length);
    }
}
