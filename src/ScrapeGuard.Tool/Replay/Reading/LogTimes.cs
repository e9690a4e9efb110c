using System.Buffers.Text;

namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>Reads times as logs write them, in ticks of UTC. The last one is kept: many requests come within a second.</summary>
internal sealed class LogTimes
{
    private const int Longest = 40;

    private static readonly long Earliest = DateTime.UnixEpoch.Ticks;
    private static readonly long Latest = new DateTime(9990, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private readonly byte[] lastText = new byte[Longest];
    private int lastLength = -1;
    private long last;

    /// <summary>Reads <c>20/Feb/2016:05:00:45 +0100</c> or ISO 8601, UTC where there is no zone, or seconds or smaller units since 1970.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out long ticks)
    {
        if (text.Length == lastLength && text.SequenceEqual(lastText.AsSpan(0, lastLength)))
        {
            ticks = last;
            return true;
        }

        if (text.Length > Longest || !TryParse(text, out ticks) || ticks < Earliest || ticks > Latest)
        {
            ticks = 0;
            return false;
        }

        text.CopyTo(lastText);
        (lastLength, last) = (text.Length, ticks);
        return true;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out long ticks)
    {
        if (text.Length > 11 && text[2] == '/' && text[6] == '/' && text[11] == ':')
            return TryParseCommon(text, out ticks);
        return text.Length >= 19 && text[4] == '-' && text[7] == '-' ? TryParseIso(text, out ticks) : TryParseNumber(text, out ticks);
    }

    private static bool TryParseCommon(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        return text.Length >= 20
            && TryDigits(text[..2], out var day) && MonthOf(text[3..6]) is > 0 and var month && TryDigits(text[7..11], out var year)
            && TryMoment(year, month, day, text[12..], out ticks);
    }

    private static bool TryParseIso(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        return text[10] is (byte)'T' or (byte)'t' or (byte)' '
            && TryDigits(text[..4], out var year) && TryDigits(text[5..7], out var month) && TryDigits(text[8..10], out var day)
            && TryMoment(year, month, day, text[11..], out ticks);
    }

    /// <summary>The rest after the date: <c>05:00:45</c>, a fraction, a zone.</summary>
    private static bool TryMoment(int year, int month, int day, ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        if (text.Length < 8 || text[2] != ':' || text[5] != ':')
            return false;
        if (!TryDigits(text[..2], out var hour) || !TryDigits(text[3..5], out var minute) || !TryDigits(text[6..8], out var second))
            return false;

        // A leap second is the end of the second before it.
        if (hour > 23 || minute > 59 || second > 60)
            return false;
        ticks = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc).Ticks;
        text = text[8..];
        ticks += Fraction(ref text);
        if (!TryZone(text, out var offset))
            return false;
        ticks -= offset;
        return true;
    }

    private static long Fraction(ref ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'.' or (byte)',', ..])
            return 0;
        var (ticks, unit, end) = (0L, TimeSpan.TicksPerSecond, 1);
        while (end < text.Length && IsDigit(text[end]))
            ticks += (text[end++] - '0') * (unit /= 10);
        text = text[end..];
        return ticks;
    }

    private static bool TryZone(ReadOnlySpan<byte> text, out long offset)
    {
        offset = 0;
        text = text.TrimStart((byte)' ');
        if (text.IsEmpty || text is [(byte)'Z' or (byte)'z'])
            return true;
        if (text is not [(byte)'+' or (byte)'-', ..])
            return false;
        var digits = text[1..];
        var minutes = digits.Length == 5 && digits[2] == ':' ? digits[3..] : digits.Length == 4 ? digits[2..] : [];
        if (!TryDigits(digits.Length < 2 ? [] : digits[..2], out var hours) || !TryDigits(minutes, out var rest) || hours > 18 || rest > 59)
            return false;
        offset = ((hours * 60) + rest) * TimeSpan.TicksPerMinute * (text[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>Seconds, milliseconds, microseconds or nanoseconds since 1970: whichever makes it a time of these centuries.</summary>
    private static bool TryParseNumber(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (!Utf8Parser.TryParse(text, out decimal number, out var used, text.ContainsAny((byte)'e', (byte)'E') ? 'e' : '\0') || used != text.Length)
            return false;
        if (number is < 0 or > 4_000_000_000_000_000_000)
            return false;
        var perSecond = number switch
        {
            < 100_000_000_000 => 1m,
            < 100_000_000_000_000 => 1_000m,
            < 100_000_000_000_000_000 => 1_000_000m,
            _ => 1_000_000_000m,
        };
        ticks = Earliest + (long)(number / perSecond * TimeSpan.TicksPerSecond);
        return true;
    }

    private static int MonthOf(ReadOnlySpan<byte> name)
    {
        var place = "janfebmaraprmayjunjulaugsepoctnovdec"u8.IndexOf([Lower(name[0]), Lower(name[1]), Lower(name[2])]);
        return place >= 0 && place % 3 == 0 ? (place / 3) + 1 : 0;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var letter in text)
        {
            if (!IsDigit(letter))
                return false;
            number = (number * 10) + (letter - '0');
        }

        return !text.IsEmpty;
    }

    private static byte Lower(byte letter) => (byte)(letter | 0x20);

    private static bool IsDigit(byte letter) => letter is >= (byte)'0' and <= (byte)'9';
}
