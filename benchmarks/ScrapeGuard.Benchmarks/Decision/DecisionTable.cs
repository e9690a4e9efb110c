using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using Perfolizer.Horology;

namespace ScrapeGuard.Benchmarks.Decision;

/// <summary>What a decision costs, and what the middleware around it does, by BenchmarkDotNet.</summary>
internal static class DecisionTable
{
    public static readonly Command Command = new(
        "decision",
        "what a decision in process and the middleware around it take of time and memory",
        "--iterations 10 --milliseconds 250 --only Decision|Blocked|Pipeline|Pass",
        "--iterations 3 --milliseconds 100",
        AnswerAsync);

    private static Task AnswerAsync(Arguments arguments)
    {
        var job = Job.Default.WithWarmupCount(3)
            .WithIterationCount(Math.Max(1, arguments.Number("iterations", 10)))
            .WithIterationTime(TimeInterval.FromMilliseconds(arguments.Amount("milliseconds", 250)));
        var only = arguments.Word("only");
        arguments.End();

        // BenchmarkDotNet builds this project again, and looks for it from here upwards.
        Directory.SetCurrentDirectory(AppContext.BaseDirectory);
        foreach (var type in new[] { typeof(DecisionBenchmarks), typeof(BlockedBenchmarks), typeof(PipelineBenchmarks), typeof(PassBenchmarks) })
        {
            if (only is null || type.Name.StartsWith(only, StringComparison.OrdinalIgnoreCase))
                Run(type, job);
        }

        return Task.CompletedTask;
    }

    private static void Run(Type type, Job job)
    {
        using var log = new StreamLogger(new StreamWriter(Console.OpenStandardError()));
        var folder = Directory.CreateTempSubdirectory("benchmark-artifacts-");
        var config = ManualConfig.CreateEmpty()
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(log)
            .AddJob(job)
            .WithArtifactsPath(folder.FullName);
        var summary = BenchmarkRunner.Run(type, config);
        MarkdownExporter.GitHub.ExportToLog(summary, ConsoleLogger.Unicode);
        Console.WriteLine();
        folder.Delete(recursive: true);
    }
}
