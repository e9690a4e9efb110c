using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

public class SipHashTests
{
    private static readonly SipHash Hash = new([.. Enumerable.Range(0, 16).Select(number => (byte)number)]);

    /// <summary>The vectors of the reference implementation: the key 00 01 .. 0f, the input 00 01 .. of so many bytes.</summary>
    [Theory]
    [InlineData(0, "310e0edd47db6f72")]
    [InlineData(1, "fd67dc93c539f874")]
    [InlineData(7, "37d1018bf50002ab")]
    [InlineData(8, "6224939a79f5f593")]
    [InlineData(15, "e545be4961ca29a1")]
    public void It_is_the_published_function_with_64_bits(int length, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(BitConverter.GetBytes(Hash.Hash64(Input(length)))));

    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    public void It_is_the_published_function_with_128_bits(int length, string expected)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, Hash.Hash128(Input(length)));
        Assert.Equal(expected, Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Each_purpose_has_a_function_of_its_own() => Assert.NotEqual(Hash.For("member").Hash64("42"), Hash.For("invoice").Hash64("42"));

    private static byte[] Input(int length) => [.. Enumerable.Range(0, length).Select(number => (byte)number)];
}
