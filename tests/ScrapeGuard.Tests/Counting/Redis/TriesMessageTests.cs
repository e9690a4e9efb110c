using CsCheck;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public class TriesMessageTests
{
    private const string Channel = "sg:2:tries:{blocks}";

    private static readonly Pseudonyms.Generation Key = new("k", DateTimeOffset.MinValue, new byte[32]);

    private static readonly Gen<NotedTry> AnyTry = Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.Int[0, SweepWatch.Width - 1], Gen.UShort, Gen.Long[0, 1L << 45])
        .Select((range, below, above, position, who, at) => new NotedTry(new TriedNumber(range, below, above, position), who, at, below ^ above));

    private static readonly Gen<TriesMessage> AnyMessage = Gen.Select(Gen.UInt, Gen.UInt, Gen.Long[0, 1L << 45], AnyTry.Array[0, 50])
        .Select((incarnation, sequence, sentAt, tries) => new TriesMessage(incarnation, sequence, sentAt, tries));

    [Fact]
    public void What_is_told_is_what_is_heard() => AnyMessage.Sample(message =>
    {
        var heard = TriesMessage.Read(message.Write(Key, Channel), [Key], Channel)!;
        Assert.Equal(message.Tries, heard.Tries);
        Assert.Equal(message, heard with { Tries = message.Tries });
    });

    [Fact]
    public void What_no_key_signed_for_this_portal_is_ignored_whatever_it_is() => Gen.Select(AnyMessage, Gen.Int[0, 10_000], Gen.Byte[1, 255]).Sample((told, at, change) =>
    {
        var message = told.Write(Key, Channel);
        Assert.Null(TriesMessage.Read(message, [new("k", DateTimeOffset.MinValue, [.. Enumerable.Repeat((byte)1, 32)])], Channel));
        Assert.Null(TriesMessage.Read(message, [Key], "another"));
        message[at % message.Length] ^= change;
        Assert.Null(TriesMessage.Read(message, [Key], Channel));
        Assert.Null(TriesMessage.Read(message.AsSpan(0, at % message.Length), [Key], Channel));
    });
}
