using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>The connection to Redis: made once, however long that takes, and given up without waiting for servers that are frozen.</summary>
internal sealed class RedisConnection
{
    private static readonly TimeSpan PatienceToConnect = TimeSpan.FromSeconds(2);

    private readonly ConfigurationOptions configuration;
    private readonly TimeSpan timeout;
    private readonly TimeProvider time;
    private ConnectionMultiplexer? multiplexer;
    private Task<ConnectionMultiplexer>? connecting;
    private Task refreshing = Task.CompletedTask;

    public RedisConnection(RedisOptions options, TimeProvider time)
    {
        timeout = options.Timeout;
        this.time = time;
        configuration = ConfigurationOptions.Parse(options.Configuration!);
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new LinearRetry(500);
        configuration.ClientName ??= "ScrapeGuard";

        // As long as one server of several does not answer, the client looks for the others no further.
        if (!options.Configuration!.Contains("connectTimeout", StringComparison.OrdinalIgnoreCase))
            configuration.ConnectTimeout = (int)PatienceToConnect.TotalMilliseconds;

        // Scripts publish, and would not prepend it.
        configuration.ChannelPrefix = default;
    }

    /// <summary>Called when the connection broke and is back.</summary>
    public required Action OnRestored { get; init; }

    /// <summary>Called whenever something may have been missed, because another server has the data.</summary>
    public required Action OnChanged { get; init; }

    public void Warn(ILogger logger) => RedisWarnings.OfTransport(configuration, logger);

    /// <summary>The client tries for a while before it tells that nobody is there; the log does not wait for that.</summary>
    public async ValueTask<ConnectionMultiplexer> OpenAsync(CancellationToken stopping)
    {
        if (multiplexer is not null)
            return multiplexer;
        connecting ??= ConnectionMultiplexer.ConnectAsync(configuration);
        try
        {
            var connection = await connecting.WaitAsync(PatienceToConnect, time, stopping);
            connection.ConnectionRestored += (_, _) => OnRestored();
            connection.ConfigurationChanged += (_, _) => OnChanged();
            connection.HashSlotMoved += (_, _) => OnChanged();
            return multiplexer = connection;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no connection within {PatienceToConnect.TotalSeconds} s");
        }
        finally
        {
            if (connecting.IsFaulted)
                connecting = null;
        }
    }

    /// <summary>Looks who is the master now: a frozen one keeps its connections, and tells nobody that it is a master no more.</summary>
    public void Refresh(Action<string> failed)
    {
        if (refreshing.IsCompleted && multiplexer is { } connection)
            refreshing = RefreshAsync(connection, failed);
    }

    /// <summary>The client says good-bye to every server, and waits for those that are frozen: the portal stops without it.</summary>
    public async ValueTask CloseAsync()
    {
        if (Interlocked.Exchange(ref multiplexer, null) is not { } connection)
        {
            if (connecting is not null)
                _ = DisposeLateAsync(connecting);
            return;
        }

        try
        {
            await connection.DisposeAsync().AsTask().WaitAsync(timeout, time);
        }
        catch (TimeoutException)
        {
            // It goes on in the background.
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Who is not found now is looked for again at the next failure.")]
    private static async Task RefreshAsync(ConnectionMultiplexer connection, Action<string> failed)
    {
        try
        {
            await connection.ConfigureAsync();
        }
        catch (Exception exception)
        {
            failed(exception.Message);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A connection that never came needs no disposing.")]
    private static async Task DisposeLateAsync(Task<ConnectionMultiplexer> late)
    {
        try
        {
            await (await late).DisposeAsync();
        }
        catch (Exception)
        {
            // It never came.
        }
    }
}
