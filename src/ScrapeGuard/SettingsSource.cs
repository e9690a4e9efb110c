using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard;

/// <summary>The settings in force. An edit that does not validate is logged and changes nothing.</summary>
internal sealed class SettingsSource : IDisposable
{
    private readonly IOptionsFactory<ScrapeGuardOptions> factory;
    private readonly ILogger<SettingsSource> logger;
    private readonly IDisposable[] watches;
    private volatile Settings current;

    public SettingsSource(
        IOptionsFactory<ScrapeGuardOptions> factory, IEnumerable<ReloadSource> reloads, ILogger<SettingsSource> logger)
    {
        this.factory = factory;
        this.logger = logger;
        current = new Settings(factory.Create(Options.DefaultName));
        watches = [.. reloads.Select(reload => ChangeToken.OnChange(reload.Section.GetReloadToken, Reload))];
    }

    public Settings Current => current;

    public void Dispose()
    {
        foreach (var watch in watches)
            watch.Dispose();
    }

    private void Reload()
    {
        try
        {
            var options = factory.Create(Options.DefaultName);
            if (NeedsRestart(current.Options, options))
                logger.RestartNeeded();
            var enforced = current.Enforces;
            current = new Settings(options);
            logger.Reloaded(options.Mode);
            if (enforced && !current.Enforces)
                logger.NoLongerEnforcing();
        }
        catch (OptionsValidationException problem)
        {
            logger.ReloadRefused(string.Join(' ', problem.Failures));
        }
    }

    private static bool NeedsRestart(ScrapeGuardOptions before, ScrapeGuardOptions after) =>
        before.Redis.Configuration != after.Redis.Configuration || before.Redis.KeyPrefix != after.Redis.KeyPrefix
        || before.Redis.Timeout != after.Redis.Timeout || before.Redis.Consistency != after.Redis.Consistency
        || before.Redis.FlushInterval != after.Redis.FlushInterval || before.Memory.Budget != after.Memory.Budget
        || !before.Keys.OrderBy(key => key.Key).Select(key => (key.Key, key.Value.Value, key.Value.From))
            .SequenceEqual(after.Keys.OrderBy(key => key.Key).Select(key => (key.Key, key.Value.Value, key.Value.From)));
}
