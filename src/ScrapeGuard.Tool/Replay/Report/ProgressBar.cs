using ScrapeGuard.Tool.Replay.Reading;
using Spectre.Console;

namespace ScrapeGuard.Tool.Replay.Report;

/// <summary>Shows a person at a terminal how far the files are read.</summary>
internal static class ProgressBar
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <param name="console">Where; standard error, so that it gets into no report.</param>
    /// <param name="inputs">What is read.</param>
    /// <param name="bytes">How large all of it is; null where that is not known.</param>
    /// <param name="time">The time between two looks.</param>
    /// <param name="run">Reads.</param>
    public static Task<T> ShowAsync<T>(IAnsiConsole console, IReadOnlyList<LogInput> inputs, long? bytes, TimeProvider time, Task<T> run) =>
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("reading", maxValue: bytes ?? 1);
                task.IsIndeterminate = bytes is null;
                while (!run.IsCompleted)
                {
                    if (bytes is not null)
                        task.Value = inputs.Sum(input => input.BytesRead);
                    await Task.WhenAny(run, Task.Delay(Interval, time));
                }

                return await run;
            });
}
