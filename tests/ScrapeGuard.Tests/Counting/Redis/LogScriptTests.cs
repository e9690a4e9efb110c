using System.Runtime.InteropServices;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public class LogScriptTests
{
    [Theory]
    [InlineData(1_000, true)]
    [InlineData(100_000, false)]
    public void A_script_that_is_used_again_keeps_its_memory_unless_that_was_a_large_one(int bytes, bool isKept)
    {
        var script = new LogScript();
        var before = Write(script, bytes);
        script.Clear();
        Assert.Equal(isKept, ReferenceEquals(before, Write(script, 10)));
    }

    private static byte[] Write(LogScript script, int bytes)
    {
        script.Add(new LogExchange { Subject = new SubjectKey(SubjectType.Address, 1), Entry = new byte[bytes] });
        var argument = (ReadOnlyMemory<byte>)script.Write(new LogKeys("sg")).Arguments[0];
        Assert.True(MemoryMarshal.TryGetArray(argument, out var memory));
        return memory.Array!;
    }
}
