using CsCheck;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public class TriesMessageTests
{
    private const string Channel = "sg:1:tries:{blocks}";

    private static readonly Pseudonyms.Generation Key = new("k", DateTimeOffset.MinValue, new byte[32]);

    private static readonly Gen<NotedTry> AnyTry = Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.Int[0, SweepWatch.Width - 1], Gen.UShort, Gen.Long[0, 1L << 45])
        .Select((range, below, above, position, who, at) => new NotedTry(new TriedNumber(range, below, above, position), who, at));

    [Fact]
    public void What_is_told_is_what_is_heard_by_all_but_who_tells_it() => AnyTry.Array[0, 50].Sample(tries =>
    {
        var message = TriesMessage.Write(tries, 7, Key, Channel);
        Assert.Equal(tries, TriesMessage.Read(message, 8, [Key], Channel, out var isForged));
        Assert.False(isForged);
        Assert.Empty(TriesMessage.Read(message, 7, [Key], Channel, out isForged));
        Assert.False(isForged);
    });

    [Fact]
    public void What_no_key_signed_for_this_portal_is_ignored_whatever_it_is() => Gen.Select(AnyTry.Array[1, 20], Gen.Int[0, 10_000], Gen.Byte[1, 255]).Sample((tries, at, change) =>
    {
        var message = TriesMessage.Write(tries, 7, Key, Channel);
        Assert.Empty(TriesMessage.Read(message, 8, [new("k", DateTimeOffset.MinValue, [.. Enumerable.Repeat((byte)1, 32)])], Channel, out var isForged));
        Assert.True(isForged);
        Assert.Empty(TriesMessage.Read(message, 8, [Key], "another", out isForged));
        Assert.True(isForged);
        message[at % message.Length] ^= change;
        Assert.Empty(TriesMessage.Read(message, 8, [Key], Channel, out isForged));
        Assert.True(isForged);
        Assert.Empty(TriesMessage.Read(message.AsSpan(0, at % message.Length), 8, [Key], Channel, out isForged));
        Assert.True(isForged);
    });
}
