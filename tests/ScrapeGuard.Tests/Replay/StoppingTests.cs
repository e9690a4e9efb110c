using System.Diagnostics;
using System.IO.Pipelines;
using Xunit;

namespace ScrapeGuard.Tests.Replay;

/// <summary>Ctrl+C prints what was read so far, whatever is waited for.</summary>
public sealed class StoppingTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    private readonly ReplayFolder folder = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly LogText log = new LogText(Start).Take("203.0.113.7", from: 1, count: 60);

    public void Dispose()
    {
        folder.Dispose();
        stopping.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(5000)]
    public async Task What_was_read_so_far_is_told_while_standard_input_is_waited_for(int lines)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        using var input = new AskedStream(pipe.Reader.AsStream());
        var text = string.Concat(Enumerable.Range(0, (lines + 59) / 60).Select(_ => log.ToString()));
        await pipe.Writer.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text + (lines > 0 ? "203.0.113.7 - half a li" : "")), TestContext.Current.CancellationToken);

        var run = ReplayFolder.RunAsync(["-"], input, stopping.Token);
        await input.IsWaitedFor.WaitAsync(TestContext.Current.CancellationToken);
        await stopping.CancelAsync();

        var (output, error, exitCode) = await run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Contains(FormattableString.Invariant($"Read {(lines + 59) / 60 * 60:N0} lines"), output, StringComparison.Ordinal);
        Assert.Contains("stopped before the end", output, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be understood", output, StringComparison.Ordinal);
        await pipe.Writer.CompleteAsync();
    }

    [Fact]
    public async Task A_pipe_that_is_named_like_a_file_is_read_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes have no such names there.");
        var pipe = folder.PathOf("pipe");
        using (var making = Process.Start("mkfifo", pipe))
            await making.WaitForExitAsync(TestContext.Current.CancellationToken);
        var writing = Task.Run(() => File.WriteAllText(pipe, log.ToString()), TestContext.Current.CancellationToken);

        var result = await ReplayFolder.RunJsonAsync(pipe);

        await writing;
        Assert.Equal(60, result.GetProperty("lines").GetInt32());
    }

    /// <summary>Tells when it is read and has nothing.</summary>
    private sealed class AskedStream(Stream inner) : MemoryStream
    {
        private readonly TaskCompletionSource waited = new();

        public Task IsWaitedFor => waited.Task;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var reading = inner.ReadAsync(buffer, offset, count);
            if (!reading.IsCompleted)
                waited.TrySetResult();
            return reading.GetAwaiter().GetResult();
        }
    }
}
