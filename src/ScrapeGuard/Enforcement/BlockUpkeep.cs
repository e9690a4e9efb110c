using Microsoft.Extensions.Hosting;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Enforcement;

/// <summary>
/// Keeps the list of blocks in order: clears the evidence here against whom an operator let go, on whichever node, and forgets entries that ended so long
/// ago that they make no block longer any more.
/// </summary>
internal sealed class BlockUpkeep(BlockList blocks, SubjectTable table, SettingsSource settings, GuardClock clock) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        blocks.Lifted += Clear;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                blocks.Forget(settings.Current.Options.Blocks.MaxDuration);
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
    }

    /// <summary>Whoever let the subject go has told the other nodes already.</summary>
    private void Clear(Block block) => table.Forget(
        block.Key, settings.Current.Limits.WindowsOf(block.Subject), clock.Now, isTold: false);
}
