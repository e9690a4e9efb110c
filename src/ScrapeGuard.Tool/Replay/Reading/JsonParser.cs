using System.Text.Json;

namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>
/// One JSON object per line. What is no request, as other events of the same log, has no target and counts nowhere; a line that is no object, or a request
/// without a time, is bad.
/// </summary>
internal sealed class JsonParser(SubjectFields fields) : LineParser
{
    private const int Deepest = 16;

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = Deepest, AllowMultipleValues = true };
    private static readonly int Fields = Enum.GetValues<JsonField>().Length;

    private readonly JsonPath path = new(new JsonNames(fields), Deepest);
    private readonly LogTimes times = new();
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
        path.Begin();
        var reader = new Utf8JsonReader(json, Reading);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    path.Enter(reader.ValueSpan);
                    break;

                // Of several values on a line the first is the event.
                case JsonTokenType.StartObject when reader.CurrentDepth == 0 && length > 0:
                    return;
                case JsonTokenType.StartObject:
                    path.Open();
                    break;
                case JsonTokenType.EndObject:
                    path.Close();
                    break;
                case JsonTokenType.String or JsonTokenType.Number when path.Field != JsonField.Other:
                    Keep(ref reader, (int)path.Field, path.Rank);
                    break;
            }
        }
    }

    private void Keep(ref Utf8JsonReader reader, int field, byte rank)
    {
        if (rank >= ranks[field])
            return;
        var start = length;
        if (reader.ValueIsEscaped)
        {
            length += reader.CopyString(text.AsSpan(start));
        }
        else
        {
            reader.ValueSpan.CopyTo(text.AsSpan(start));
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
        line.Status = StatusOf(ValueOf(JsonField.Status));
        var hasTime = times.TryRead(ValueOf(JsonField.Time), out var at);
        line.At = at;
        return hasTime || line.Target.IsEmpty;
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
