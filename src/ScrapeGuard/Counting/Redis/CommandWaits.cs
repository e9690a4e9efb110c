using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>Waits for commands for a while, and leaves those that take longer to themselves.</summary>
internal sealed class CommandWaits(TimeProvider time)
{
    private readonly ConcurrentQueue<TimedWait> idle = new();

    /// <summary>One after the other: they are all under way, and what has ended meanwhile is waited for no more.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ForAllAsync(Task<RedisResult>?[] asked, TimeSpan patience)
    {
        var started = time.GetTimestamp();
        foreach (var one in asked)
        {
            if (one is null or { IsCompleted: true })
                continue;
            var left = patience - time.GetElapsedTime(started);
            if (left > TimeSpan.Zero)
                await ForAsync(one, left);
            else
                Observe(one);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ForAsync(Task asked, TimeSpan patience)
    {
        if (asked.IsCompleted)
            return;
        var wait = idle.TryDequeue(out var used) ? used : new TimedWait(time);
        if (await wait.For(asked, patience))
        {
            idle.Enqueue(wait);
            return;
        }

        wait.Retire();
        Observe(asked);
    }

    private static void Observe(Task task) => _ = task.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
}
