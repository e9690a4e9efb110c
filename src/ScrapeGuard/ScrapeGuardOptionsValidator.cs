using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ScrapeGuard.Counting.Redis;

namespace ScrapeGuard;

/// <summary>
/// Checks the options at start and on every reload. Each message names the option, the value given and the remedy; none holds a secret.
/// </summary>
internal sealed class ScrapeGuardOptionsValidator(IHostEnvironment environment, TimeProvider time) : IValidateOptions<ScrapeGuardOptions>
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, ScrapeGuardOptions options)
    {
        var problems = new OptionProblems(options.Misread);
        problems.CheckWord<ScrapeGuardMode>("Mode", options.Mode);
        KeyRules.Check(options, environment.IsDevelopment(), time.GetUtcNow(), problems);
        CheckPages(options.Pages, problems);
        LimitRules.Check(options, problems);
        SignalRules.Check(options.Signals, problems);
        CheckStepUp(options.StepUp, problems);
        CheckBlocks(options.Blocks, problems);
        SubjectRules.Check(options, problems);
        problems.CheckRange<long>("Memory:Budget", options.Memory.Budget, 1L << 20, 64L << 30, " bytes");
        CheckRedis(options.Redis, problems);
        return problems.Result;
    }

    private static void CheckPages(IDictionary<string, PageOptions> pages, OptionProblems problems)
    {
        foreach (var (name, page) in pages)
        {
            if (page is null)
            {
                problems.Add($"Pages:{name}", page, "give its Path and Kind, or remove it");
                continue;
            }

            if (FindRemedy(page.Path) is { } remedy)
                problems.Add($"Pages:{name}:Path", page.Path, remedy);
            if (!OptionNames.IsValid(page.Kind))
                problems.Add($"Pages:{name}:Kind", page.Kind, $"use {OptionNames.Rule}");
            problems.CheckWord<RecordIdentity>($"Pages:{name}:Identity", page.Identity);
            if (page.Record is not null)
                problems.CheckNotBlank($"Pages:{name}:Record", page.Record, "name the value that holds the id, or leave it out");
        }
    }

    private static string? FindRemedy(string? template)
    {
        if (template is null || !template.StartsWith('/'))
            return "write a route template that starts with '/', such as /members/{memberId}";

        try
        {
            _ = RoutePatternFactory.Parse(template);
            return null;
        }
        catch (RoutePatternException exception)
        {
            return $"correct the route template: {exception.Message}";
        }
    }

    private static void CheckStepUp(StepUpOptions stepUp, OptionProblems problems)
    {
        if (stepUp.Path is not null && !IsLocal(stepUp.Path))
            problems.Add("StepUp:Path", stepUp.Path, "write a path of this portal that starts with a single '/', such as /confirm, or leave it out");
        problems.CheckRange<int>("StepUp:Allowance", stepUp.Allowance, 1, 10_000);
        problems.CheckRange<TimeSpan>("StepUp:Lifetime", stepUp.Lifetime, OneSecond, TimeSpan.FromDays(30));
        problems.CheckRange<int>("StepUp:MaxPerDay", stepUp.MaxPerDay, 1, 100);
    }

    // A browser reads "//host" and "/\host" as another site, and drops tabs and line ends before it looks.
    private static bool IsLocal(string path) => path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Any(char.IsControl);

    private static void CheckBlocks(BlockOptions blocks, OptionProblems problems)
    {
        var longest = TimeSpan.FromDays(365);
        problems.CheckRange<TimeSpan>("Blocks:MaxDuration", blocks.MaxDuration, OneSecond, longest);
        if (blocks.Duration > blocks.MaxDuration)
            problems.Add("Blocks:Duration", blocks.Duration, $"use at most Blocks:MaxDuration, {blocks.MaxDuration:c}");
        else
            problems.CheckRange<TimeSpan>("Blocks:Duration", blocks.Duration, OneSecond, longest);
        problems.CheckRange<int>("Blocks:StatusCode", blocks.StatusCode, 400, 599);
        problems.CheckRange<TimeSpan>("Blocks:GracePeriod", blocks.GracePeriod, TimeSpan.Zero, TimeSpan.FromDays(7));
    }

    private static void CheckRedis(RedisOptions redis, OptionProblems problems)
    {
        if (redis.Configuration is not null && RedisConfigurationText.FindProblem(redis.Configuration) is { } problem)
            problems.AddUnshown("Redis:Configuration", problem);

        if (redis.KeyPrefix is not { Length: >= 1 and <= 32 } prefix || !prefix.All(character => OptionNames.IsPlain(character) || character is ':'))
            problems.Add("Redis:KeyPrefix", redis.KeyPrefix, "use 1 to 32 letters (A to Z), digits, '-', '_', '.' or ':'");

        problems.CheckWord("Redis:Consistency", redis.Consistency, RedisConsistency.Batched, RedisConsistency.Strict);
        problems.CheckRange<TimeSpan>("Redis:FlushInterval", redis.FlushInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10));

        problems.CheckRange<TimeSpan>("Redis:Timeout", redis.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
    }
}
