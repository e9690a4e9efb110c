using Microsoft.Extensions.Configuration;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>What is simulated, and how much of it.</summary>
internal sealed class SimulationPlan
{
    public SimulationPlan(Arguments arguments)
    {
        Seed = arguments.Number("seed", 1);
        Threads = Math.Max(1, arguments.Number("threads", 2));
        Sensitivity = arguments.Amount("sensitivity", 1);
        Budget = (long)arguments.Amount("budget", 512) << 20;
        UserDays = arguments.Number("user-days", 100_000);
        Activities = arguments.Amounts("activity", 1, 1.5, 2);
        Trace = arguments.Number("trace", 0);
        Runs = Math.Max(1, arguments.Number("runs", 30));
        Only = arguments.Word("only");
        Hours = arguments.Amount("hours", 24);
        Most = arguments.Number("most", 20_000);
        Background = arguments.Number("background", 700);
        var only = arguments.Word("variant");
        Traffic = new Traffic(arguments) { IsAnonymous = arguments.Has("anonymous") };
        Variants = [.. Variant.All(Sensitivity, Budget, SettingsOf(arguments.Word("config"))).Where(variant => only is null || variant.Name.Contains(only, StringComparison.Ordinal))];
    }

    public int Seed { get; }

    public int Threads { get; }

    public double Sensitivity { get; }

    /// <summary>Bytes for tracked subjects in each guard.</summary>
    public long Budget { get; }

    /// <summary>User-days of people for each activity, at least.</summary>
    public int UserDays { get; }

    public double[] Activities { get; }

    /// <summary>How many refusals of people to tell in full.</summary>
    public int Trace { get; }

    /// <summary>Runs of each attack.</summary>
    public int Runs { get; }

    /// <summary>Which attacks: those whose names, or tables' titles, contain it; null for all.</summary>
    public string? Only { get; }

    /// <summary>When an attack that goes on is called not stopped.</summary>
    public double Hours { get; }

    /// <summary>After how many records it is called so.</summary>
    public int Most { get; }

    /// <summary>About how many people work at the site that is attacked.</summary>
    public int Background { get; }

    public Traffic Traffic { get; }

    public Variant[] Variants { get; }

    /// <summary>The section ScrapeGuard of an appsettings.json; null without a file.</summary>
    private static IConfiguration? SettingsOf(string? file) =>
        file is null ? null : new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file)).Build().GetRequiredSection("ScrapeGuard");

    /// <summary>Does independent pieces of work on all threads; their results in order.</summary>
    public T[] Each<T>(int count, Func<int, T> work)
    {
        var results = new T[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Threads }, index => results[index] = work(index));
        return results;
    }

    /// <summary>The seed of one piece of work.</summary>
    public int SeedOf(int work) => unchecked((Seed * 1_000_003) + work);
}
