using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>The contract on a cluster of which a master dies meanwhile, while what is counted goes out in batches.</summary>
[Collection(nameof(FailingCluster))]
public sealed class BatchedClusterStoreTests(FailingCluster cluster) : ClusterStoreContract(RedisConsistency.Batched, cluster, master: 0);

/// <summary>The contract on a cluster of which a master dies meanwhile, where each view waits for the other nodes.</summary>
[Collection(nameof(FailingCluster))]
public sealed class StrictClusterStoreTests(FailingCluster cluster) : ClusterStoreContract(RedisConsistency.Strict, cluster, master: 1);

/// <summary>The contract on a cluster: what is not answered while a replica takes over, a node decides by what it knows.</summary>
public abstract class ClusterStoreContract(RedisConsistency consistency, FailingCluster cluster, int master) : SharedStoreContract(consistency)
{
    /// <summary>Exchanges before the master dies: in the midst of the histories of a property.</summary>
    private const int Before = 400;

    protected override int Histories => 40;

    protected override TimeSpan Patience => TimeSpan.FromMilliseconds(500);

    protected override string Configuration => cluster.Servers.Configuration;

    [Fact]
    public void A_master_died_in_the_midst_of_histories_and_what_was_counted_is_shared_again()
    {
        Every_count_is_never_under_the_exact_log_and_over_by_at_most_one_sub_window();
        cluster.UntilFailedOver(master, Every_count_is_never_under_the_exact_log_and_over_by_at_most_one_sub_window);
        Every_count_is_never_under_the_exact_log_and_over_by_at_most_one_sub_window();
    }

    public override ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "No redis-server is installed.");
        return base.InitializeAsync();
    }

    protected override void Exchanged(bool isAnswered) => cluster.Count(master, Before, isAnswered);
}

/// <summary>A cluster whose masters die one after another, each after so many exchanges.</summary>
[CollectionDefinition(nameof(FailingCluster))]
public sealed class FailingCluster : IAsyncLifetime, ICollectionFixture<FailingCluster>
{
    private readonly int[] exchanges = new int[3];
    private readonly int[] unanswered = new int[3];
    private readonly int[] answeredAfter = new int[3];
    private readonly Task?[] failover = new Task?[3];

    public RedisCluster Servers { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (RedisServer.IsInstalled)
            Servers = await RedisCluster.StartAsync();
    }

    public ValueTask DisposeAsync() => Servers?.DisposeAsync() ?? ValueTask.CompletedTask;

    public void Count(int master, int before, bool isAnswered)
    {
        if (++exchanges[master] == before)
            failover[master] = Task.Run(() => FailOverAsync(master));
        if (!isAnswered)
            unanswered[master]++;
        else if (failover[master]?.IsCompleted == true)
            answeredAfter[master]++;
    }

    /// <summary>Repeats what exchanges until a replica has taken the place of the master, and after that an exchange was answered.</summary>
    public void UntilFailedOver(int master, Action exchange)
    {
        // While nobody answers a history takes no time: a replica takes over in two or three seconds.
        for (var started = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(started).TotalSeconds < 30 && answeredAfter[master] == 0;)
            exchange();
        Assert.True(answeredAfter[master] > 0);
        Assert.InRange(unanswered[master], 1, int.MaxValue);
    }

    private async Task FailOverAsync(int master)
    {
        await Servers.KillMasterAsync(master);
        await Servers.UntilTakenOverAsync(master);
    }
}
