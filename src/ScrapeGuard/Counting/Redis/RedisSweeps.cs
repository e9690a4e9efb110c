using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ScrapeGuard.Capture;
using ScrapeGuard.Telemetry;
using StackExchange.Redis;

namespace ScrapeGuard.Counting.Redis;

/// <summary>
/// Tells the nodes of each other's tries, by messages that nobody keeps: a sequence that is dealt out to many addresses is dealt out to the nodes as well. What
/// was told while a node was away is lost to it; a sweep goes on, and is found later.
/// </summary>
internal sealed class RedisSweeps : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
    private static readonly string Script = EmbeddedScript.Read("publish-tries.lua");

    private readonly RedisLink link;
    private readonly SweepWatch sweeps;
    private readonly Pseudonyms pseudonyms;
    private readonly GuardClock clock;
    private readonly ILogger<RedisSweeps> logger;
    private readonly string channel;
    private readonly uint own = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
    private readonly Lock collecting = new();
    private readonly NotedTry[] collected = new NotedTry[TriesMessage.Most];
    private readonly TriesOrder order = new();
    private readonly CancellationTokenSource stopping = new();
    private (ConnectionMultiplexer Connection, RedisChannel Channel)? subscribed;
    private Task telling = Task.CompletedTask;
    private int count;
    private uint sent;
    private bool isToldOfForgery;

    public RedisSweeps(RedisLink link, SweepWatch sweeps, Pseudonyms pseudonyms, GuardClock clock, string keyPrefix, ILogger<RedisSweeps> logger)
    {
        (this.link, this.sweeps, this.pseudonyms, this.clock, this.logger) = (link, sweeps, pseudonyms, clock, logger);
        channel = $"{keyPrefix}:{TriesMessage.LayoutVersion}:tries:{RedisLink.BlocksTag}";
        sweeps.Noted += Collect;
    }

    public void Start() => telling = TellAsync();

    /// <summary>Hears the other nodes by a connection, if it can.</summary>
    public async Task SubscribeAsync(ConnectionMultiplexer connection)
    {
        try
        {
            var to = link.IsSharded ? RedisChannel.Sharded(channel) : RedisChannel.Literal(channel);
            var subscriber = connection.GetSubscriber();
            if (subscribed == (connection, to) && subscriber.IsConnected(to))
                return;
            if (subscribed is { } before)
                await subscriber.UnsubscribeAsync(before.Channel, flags: CommandFlags.FireAndForget);

            // By a queue: messages are heard in the order in which they were sent.
            (await subscriber.SubscribeAsync(to)).OnMessage(heard => Hear(heard.Message));
            subscribed = (connection, to);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            logger.SweepsNotShared(exception.Message);
        }
    }

    /// <summary>Tells what was collected. Nothing waits for it, and while Redis is away it is dropped.</summary>
    public void Tell()
    {
        byte[] message;
        lock (collecting)
        {
            if (count == 0)
                return;
            message = link.IsAvailable ? new TriesMessage(own, ++sent, clock.Now, collected[..count]).Write(pseudonyms.Current, channel) : [];
            count = 0;
        }

        if (message.Length > 0)
            link.Send(database => database.ScriptEvaluateAsync(Script, [channel], [link.IsSharded ? "SPUBLISH" : "PUBLISH", message], RedisLink.WriteOnce));
    }

    public async ValueTask DisposeAsync()
    {
        sweeps.Noted -= Collect;
        if (!stopping.IsCancellationRequested)
            await stopping.CancelAsync();
        await telling;
        stopping.Dispose();
    }

    private void Collect(NotedTry noted)
    {
        lock (collecting)
        {
            // A site so busy that there are more is busy enough for the others to see some of the same ranges themselves.
            if (count < collected.Length)
                collected[count++] = noted;
        }
    }

    private void Hear(RedisValue received)
    {
        if (TriesMessage.Read((byte[]?)received, pseudonyms.All, channel) is not { } message)
        {
            NoteForgery();
            return;
        }

        lock (order)
        {
            if (message.Incarnation == own || !order.IsNext(message.Incarnation, message.Sequence, message.SentAt, clock.Now))
                return;
        }

        foreach (var noted in message.Tries)
            sweeps.Hear(noted, clock.Now);
    }

    private void NoteForgery()
    {
        if (Interlocked.Exchange(ref isToldOfForgery, true))
            return;
        logger.ForgedTries();
    }

    private async Task TellAsync()
    {
        using var timer = new PeriodicTimer(Every, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
                Tell();
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
    }
}
