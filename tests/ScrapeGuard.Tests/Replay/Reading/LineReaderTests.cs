using System.IO.Compression;
using System.Text;
using CsCheck;
using ScrapeGuard.Tool.Replay.Reading;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Reading;

public class LineReaderTests
{
    [Fact]
    public void Lines_come_as_they_were_written_however_the_stream_gives_them()
    {
        Gen.Select(Gen.String[Gen.Char["ab\r é"], 0, 40].Array[0, 50], Gen.Int[1, 30], Gen.Bool).Sample((lines, chunk, isPeeked) =>
        {
            var text = string.Join('\n', lines);
            using var reader = new LineReader(new SmallSteps(Encoding.UTF8.GetBytes(text), chunk));
            if (isPeeked)
                Assert.StartsWith(text, Encoding.UTF8.GetString(reader.Peek()), StringComparison.Ordinal);
            var expected = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
            if (text.Length == 0 || text.EndsWith('\n'))
                expected.RemoveAt(expected.Count - 1);
            Assert.Equal(expected, AllOf(reader).Select(line => line.TrimEnd('\r')));
        });
    }

    [Fact]
    public void A_line_of_many_megabytes_is_cut_and_the_next_one_is_whole()
    {
        using var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes($"first\n{new string('x', 5_000_000)}\nlast")));

        var lines = AllOf(reader);

        Assert.Equal(["first", "last"], [lines[0], lines[2]]);
        Assert.InRange(lines[1].Length, 64 * 1024, 2 * 1024 * 1024);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_line()
    {
        using var reader = new LineReader(new SmallSteps([0xef, 0xbb, 0xbf, (byte)'a'], 1));

        Assert.Equal(["a"], AllOf(reader));
    }

    [Fact]
    public void Gzip_is_known_by_its_bytes_and_may_have_several_members()
    {
        byte[] bytes = [.. Compressed("one\ntwo\n"), .. Compressed("three\n")];
        var input = new LogInput("access.log", () => new MemoryStream(bytes));
        using var reader = input.Open();

        Assert.Equal(["one", "two", "three"], AllOf(reader));
        Assert.Equal(bytes.Length, input.BytesRead);
    }

    [Fact]
    public void Gzip_that_was_cut_is_whole_only_where_a_member_ends()
    {
        byte[] first = Compressed(string.Concat(Enumerable.Range(0, 300).Select(number => $"line {number}\n")));
        byte[] both = [.. first, .. Compressed("three\n")];
        for (var length = 2; length <= both.Length; length++)
        {
            var cut = both[..length];
            using var reader = new LogInput("access.log", () => new MemoryStream(cut)).Open();
            if (length == first.Length || length == both.Length)
                Assert.Equal("line 0", AllOf(reader)[0]);
            else
                Assert.Equal("ends in the middle of its gzip data", Assert.Throws<InvalidDataException>(() => AllOf(reader)).Message);
        }
    }

    [Fact]
    public void What_follows_gzip_and_is_none_is_left_alone()
    {
        byte[] padded = [.. Compressed("one\n"), .. new byte[512]];
        using var reader = new LogInput("access.log", () => new MemoryStream(padded)).Open();

        Assert.Equal(["one"], AllOf(reader));
    }

    [Fact]
    public void Other_compression_is_refused_with_what_to_do()
    {
        var input = new LogInput("access.log.xz", () => new MemoryStream([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0, 4]));

        Assert.Contains("xz -dc access.log.xz | scrapeguard replay -", Assert.Throws<InvalidDataException>(input.Open).Message, StringComparison.Ordinal);
    }

    internal static byte[] Compressed(string text)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private static List<string> AllOf(LineReader reader)
    {
        var lines = new List<string>();
        while (reader.TryRead(out var line))
            lines.Add(Encoding.UTF8.GetString(line));
        return lines;
    }

    /// <summary>Gives a few bytes at a time, as a pipe may.</summary>
    private sealed class SmallSteps(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));
    }
}
