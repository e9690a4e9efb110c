using CsCheck;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting;

public class DivisorTests
{
    [Fact]
    public void Divides_as_division_does_also_beside_multiples_and_before_1970() =>
        Gen.Select(Gen.Long[1, 1L << 31], Gen.Long[0, 1L << 44], Gen.Long[-2, 2]).Sample((by, number, beside) =>
        {
            var divisor = new Divisor(by);
            foreach (var tried in new[] { number, (number / by * by) + beside, -number })
                Assert.Equal(tried / by, divisor.Of(tried));
        });
}
