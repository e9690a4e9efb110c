using BenchmarkDotNet.Running;
using ScrapeGuard.Benchmarks.Decision;
using ScrapeGuard.Benchmarks.Faults;
using ScrapeGuard.Benchmarks.Load;
using ScrapeGuard.Benchmarks.Memory;
using ScrapeGuard.Benchmarks.Overshoot;
using ScrapeGuard.Benchmarks.RedisCost;
using ScrapeGuard.Benchmarks.Report;
using ScrapeGuard.Benchmarks.Simulation;

namespace ScrapeGuard.Benchmarks;

/// <summary>The questions that can be asked, and the answer to any other word.</summary>
internal static class Commands
{
    private static readonly Command[] All =
    [
        LoadTable.Command,
        RedisTable.Command,
        OvershootTable.Command,
        FaultsTable.Command,
        DecisionTable.Command,
        MemoryTable.Command,
        SprayTable.Command,
        SimulateTable.Command,
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [] or ["--help"] or ["-h"] or ["help"])
            return Help(Console.Out);
        if (args[0].StartsWith('-'))
        {
            BenchmarkSwitcher.FromAssembly(typeof(Commands).Assembly).Run(args);
            return 0;
        }

        try
        {
            return await AnswerAsync(args[0], args[1..]);
        }
        catch (ArgumentException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    private static async Task<int> AnswerAsync(string name, string[] words)
    {
        if (name == ServedApp.Command)
            return await ServedApp.RunAsync(words);
        if (name == "tables")
            return await TablesAsync(new Arguments(words));
        if (All.FirstOrDefault(command => command.Name == name) is not { } command)
        {
            await Console.Error.WriteLineAsync($"{name} is not a command.\n");
            Help(Console.Error);
            return 1;
        }

        await PrintAsync(command, words);
        return 0;
    }

    private static async Task<int> TablesAsync(Arguments arguments)
    {
        var brief = arguments.Has("brief");
        arguments.End();
        foreach (var command in All)
            await PrintAsync(command, brief ? command.Brief.Split(' ', StringSplitOptions.RemoveEmptyEntries) : []);
        return 0;
    }

    private static async Task PrintAsync(Command command, string[] words)
    {
        Console.WriteLine($"## {command.Name}: {command.Question}\n\n{Machine.Describe()}\n");
        await command.AnswerAsync(new Arguments(words));
    }

    private static int Help(TextWriter to)
    {
        to.WriteLine("dotnet run -c Release --project benchmarks/ScrapeGuard.Benchmarks -- COMMAND [OPTIONS]\n");
        foreach (var command in All)
        {
            to.WriteLine($"  {command.Name,-10} {command.Question}");
            if (command.Options.Length > 0)
                to.WriteLine($"  {"",-10}   {command.Options}");
        }

        to.WriteLine($"  {"tables",-10} all of them, one after the other\n  {"",-10}   --brief: a first look at each");
        to.WriteLine($"  {"--filter",-10} and every other option goes to BenchmarkDotNet, for example --filter '*' --job short, or --list flat");
        return 0;
    }
}
