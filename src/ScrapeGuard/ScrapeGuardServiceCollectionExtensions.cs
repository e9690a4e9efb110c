using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ScrapeGuard.Capture;
using ScrapeGuard.Counting;
using ScrapeGuard.Detection.Signals;
using ScrapeGuard.Enforcement;
using ScrapeGuard.Operations;
using ScrapeGuard.Telemetry;

namespace ScrapeGuard;

/// <summary>Adds ScrapeGuard to a portal's services.</summary>
public static class ScrapeGuardServiceCollectionExtensions
{
    /// <summary>Adds ScrapeGuard with the settings of a configuration section, followed while the portal runs.</summary>
    /// <param name="services">The portal's services.</param>
    /// <param name="section">Usually <c>builder.Configuration.GetSection("ScrapeGuard")</c>.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="OptionsValidationException">At start, when a setting is wrong: the message names the option, the value and the remedy.</exception>
    public static IServiceCollection AddScrapeGuard(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        services.AddSingleton(new ReloadSource(section));
        return services.AddScrapeGuard(options => ScrapeGuardOptionsReader.Read(section, options));
    }

    /// <summary>Adds ScrapeGuard with settings made in code; may follow the overload that reads a section, and is then applied after it.</summary>
    /// <param name="services">The portal's services.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="OptionsValidationException">At start, when a setting is wrong: the message names the option, the value and the remedy.</exception>
    public static IServiceCollection AddScrapeGuard(this IServiceCollection services, Action<ScrapeGuardOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ScrapeGuardOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ScrapeGuardOptions>, ScrapeGuardOptionsValidator>());
        services.TryAddSingleton<SettingsSource>();
        services.TryAddSingleton<GuardClock>();
        services.TryAddSingleton(provider => new Pseudonyms(
            provider.GetRequiredService<SettingsSource>().Current.Options.Keys, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<SessionCookie>();
        services.TryAddSingleton<SubjectCapture>();
        services.TryAddSingleton(MakeTable);
        services.TryAddSingleton(provider => new ViewCounter(
            provider.GetRequiredService<SubjectTable>(), provider.GetRequiredService<GuardClock>(), provider.GetRequiredService<Sharing>().Subjects,
            provider.GetRequiredService<SweepWatch>()));
        services.TryAddSingleton<SweepWatch>();
        services.TryAddSingleton<BlockList>();
        services.TryAddSingleton<Blocker>();
        services.TryAddSingleton<BlockCheck>();
        services.TryAddSingleton<Accuser>();
        services.TryAddSingleton<CanaryWatch>();
        services.TryAddSingleton<ConcentrationSignal>();
        services.TryAddSingleton<GuardMetrics>();
        services.TryAddSingleton<Sharing>();
        services.TryAddSingleton<StepUps>();
        services.TryAddSingleton(MakeGuard);
        services.TryAddSingleton(MakeOperator);
        services.TryAddSingleton<Placement>();
        services.TryAddSingleton<PageReview>();
        services.TryAddSingleton<KindReview>();
        services.TryAddSingleton<RequestReview>();
        services.AddHostedService<StartMessages>();
        services.AddHostedService<BlockUpkeep>();
        services.AddHostedService<SweepAlarm>();
        services.AddHostedService<ConcentrationWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<Sharing>());
        if (!services.Any(service => service.ServiceType == typeof(BoundArgumentFilter)))
        {
            services.AddSingleton<BoundArgumentFilter>();
            services.Configure<MvcOptions>(mvc => mvc.Filters.Add(new BoundArgumentFilter()));
        }

        return services;
    }

    private static Operator MakeOperator(IServiceProvider provider) => new(
        provider.GetRequiredService<SettingsSource>(), provider.GetRequiredService<SubjectTable>(), provider.GetRequiredService<BlockList>(),
        provider.GetRequiredService<Pseudonyms>(), provider.GetRequiredService<GuardClock>(), provider.GetRequiredService<GuardMetrics>(),
        provider.GetRequiredService<ILogger<Operator>>(), provider.GetRequiredService<ConcentrationSignal>(), provider.GetRequiredService<Sharing>().State,
        provider.GetRequiredService<Sharing>().Subjects);

    private static Guard MakeGuard(IServiceProvider provider) => new(
        provider.GetRequiredService<SettingsSource>(), provider.GetRequiredService<SubjectCapture>(), provider.GetRequiredService<SessionCookie>(),
        provider.GetRequiredService<BlockCheck>(), provider.GetRequiredService<ViewCounter>(), provider.GetRequiredService<Accuser>(),
        provider.GetRequiredService<GuardClock>(), provider.GetRequiredService<GuardMetrics>(), provider.GetRequiredService<Sharing>(),
        provider.GetRequiredService<CanaryWatch>(), provider.GetRequiredService<ConcentrationSignal>());

    private static SubjectTable MakeTable(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<SettingsSource>().Current.Options;
        return new SubjectTable(options.Memory.Budget, isShared: options.Redis.Configuration is not null, provider.GetRequiredService<GuardClock>().Now);
    }
}
