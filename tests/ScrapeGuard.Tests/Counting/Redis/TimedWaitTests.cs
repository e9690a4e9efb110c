using Microsoft.Extensions.Time.Testing;
using ScrapeGuard.Counting.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public class TimedWaitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task It_waits_again_and_again_and_the_time_of_one_wait_does_not_end_another()
    {
        var wait = new TimedWait(time);
        for (var turn = 0; turn < 5; turn++)
        {
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var waiting = wait.For(asked.Task, Patience).AsTask();
            time.Advance(Patience * 0.9);
            Assert.False(waiting.IsCompleted);
            asked.SetResult();
            Assert.True(await waiting);
        }
    }

    [Fact]
    public async Task It_gives_up_after_its_patience()
    {
        var asked = new TaskCompletionSource();
        var waiting = new TimedWait(time).For(asked.Task, Patience).AsTask();
        time.Advance(Patience);
        Assert.False(await waiting);
        asked.SetResult();
    }

    [Fact]
    public async Task A_task_that_failed_has_ended() =>
        Assert.True(await new TimedWait(time).For(Task.FromException(new InvalidOperationException()), Patience));
}
