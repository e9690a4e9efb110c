using System.Text.Json;

namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>
/// One JSON object per line. What is no request, as other events of the same log, has no target and counts nowhere; a line that is no object, or a request
/// without a time, is bad.
/// </summary>
internal sealed class JsonParser(SubjectFields fields) : LineParser
{
    private const int Deepest = 16;
    private const int LongestPath = 256;

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = Deepest, AllowMultipleValues = true };
    private static readonly int Fields = Enum.GetValues<JsonField>().Length;

    private readonly JsonNames names = new(fields);
    private readonly LogTimes times = new();
    private readonly byte[] path = new byte[LongestPath];
    private readonly int[] lengths = new int[Deepest + 1];
    private readonly Range[] values = new Range[Fields];
    private readonly byte[] ranks = new byte[Fields];
    private byte[] text = new byte[4096];
    private int length;
    private byte[] target = new byte[1024];

    public override LineContent Read(ReadOnlySpan<byte> text, ref LogLine line)
    {
        if (text.TrimStart((byte)' ') is not [(byte)'{', ..])
            return LineContent.Bad;
        try
        {
            Collect(text);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or half of a surrogate pair in a text.
            return LineContent.Bad;
        }

        return Take(ref line) ? LineContent.Entry : LineContent.Bad;
    }

    /// <summary>Copies the values that matter, without their escapes, one after the other.</summary>
    private void Collect(ReadOnlySpan<byte> json)
    {
        if (text.Length < json.Length)
            text = new byte[json.Length * 2];
        Array.Clear(values);
        Array.Fill(ranks, byte.MaxValue);
        length = 0;
        var reader = new Utf8JsonReader(json, Reading);
        var (end, depth) = (0, 0);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    end = Enter(ref reader, lengths[depth]);
                    break;
                case JsonTokenType.StartObject:
                    // Of several values on a line the first is the event.
                    if (depth == 0 && length > 0)
                        return;
                    lengths[++depth] = depth == 1 ? 0 : end;
                    break;
                case JsonTokenType.EndObject:
                    end = lengths[depth--];
                    break;
                case JsonTokenType.String or JsonTokenType.Number:
                    Keep(ref reader, path.AsSpan(0, end));
                    break;
            }
        }
    }

    /// <summary>Puts the name of a property behind those of the objects around it, and returns how long that is; 0 where it is too long to matter.</summary>
    private int Enter(ref Utf8JsonReader reader, int start)
    {
        var name = reader.ValueSpan;
        var at = start == 0 ? 0 : start + 1;
        if (at + name.Length > path.Length)
            return start;
        if (start > 0)
            path[start] = (byte)'.';
        for (var index = 0; index < name.Length; index++)
            path[at + index] = name[index] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[index] | 0x20) : name[index];
        return at + name.Length;
    }

    private void Keep(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        var field = (int)names.Find(name, out var rank);
        if (field == 0 || rank >= ranks[field])
            return;
        var start = length;
        if (reader.TokenType == JsonTokenType.String)
            length += reader.CopyString(text.AsSpan(length));
        else
        {
            reader.ValueSpan.CopyTo(text.AsSpan(length));
            length += reader.ValueSpan.Length;
        }

        (values[field], ranks[field]) = (start..length, rank);
    }

    private bool Take(ref LogLine line)
    {
        line.Client = ValueOf(JsonField.Client);
        line.Account = ValueOf(JsonField.Account);
        line.Session = ValueOf(JsonField.Session);
        line.UserAgent = ValueOf(JsonField.UserAgent);
        RequestLine.Take(ValueOf(JsonField.Request), ref line);
        if (ValueOf(JsonField.Method) is { IsEmpty: false } method)
            line.Method = method;
        if (ValueOf(JsonField.Target) is { IsEmpty: false } found)
            line.Target = Join(found, ValueOf(JsonField.Query));
        if (!line.Target.IsEmpty && !times.TryRead(ValueOf(JsonField.Time), out var at))
            return false;
        else if (times.TryRead(ValueOf(JsonField.Time), out at))
            line.At = at;
        line.Status = StatusOf(ValueOf(JsonField.Status));
        return true;
    }

    private ReadOnlySpan<byte> ValueOf(JsonField field) => text.AsSpan(values[(int)field]);

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> found, ReadOnlySpan<byte> query)
    {
        if (query.TrimStart((byte)'?') is not { IsEmpty: false } rest || rest is [(byte)'-'] || found.Contains((byte)'?'))
            return found;
        var joined = found.Length + 1 + rest.Length;
        if (target.Length < joined)
            target = new byte[joined * 2];
        found.CopyTo(target);
        target[found.Length] = (byte)'?';
        rest.CopyTo(target.AsSpan(found.Length + 1));
        return target.AsSpan(0, joined);
    }

    private static int StatusOf(ReadOnlySpan<byte> text)
    {
        var status = 0;
        foreach (var letter in text)
        {
            if (letter is < (byte)'0' or > (byte)'9' || status > 99)
                return 0;
            status = (status * 10) + (letter - '0');
        }

        return status;
    }
}
