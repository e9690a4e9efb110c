using System.Text;
using CsCheck;
using ScrapeGuard.Tool.Replay.Reading;
using Xunit;

namespace ScrapeGuard.Tests.Replay.Reading;

public class ByteCacheTests
{
    [Fact]
    public void Whatever_was_asked_before_each_gets_what_is_made_of_it()
    {
        Gen.String[Gen.Char["ab"], 0, 4].Array[0, 100].Sample(texts =>
        {
            var cache = new ByteCache<string>(4, Encoding.UTF8.GetString);
            Assert.Equal(texts, texts.Select(text => cache.Of(Encoding.UTF8.GetBytes(text))));
        });
    }

    [Fact]
    public void What_comes_again_is_made_once()
    {
        var made = 0;
        var cache = new ByteCache<string>(4, bytes => $"{++made}");

        Assert.Equal(["1", "1", "1"], Enumerable.Range(0, 3).Select(_ => cache.Of("/members/1"u8)));
    }
}
