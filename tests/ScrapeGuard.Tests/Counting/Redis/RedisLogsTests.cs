using System.Security.Cryptography;
using System.Text;
using CsCheck;
using ScrapeGuard.Counting;
using ScrapeGuard.Counting.Log;
using ScrapeGuard.Counting.Redis;
using ScrapeGuard.Tests.Counting.Log;
using StackExchange.Redis;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

public sealed class RedisLogsTests(SharedRedis redis) : IAsyncLifetime
{
    private static readonly Act[] Likely =
    [
        Act.Send, Act.Send, Act.Send, Act.Send, Act.Send, Act.SendAgain, Act.SendAgain, Act.LoseReply, Act.LoseReply, Act.LoseReply, Act.Compact, Act.Compact,
        Act.Delete, Act.Truncate,
    ];

    private readonly LogKeys keys = new("logs");
    private OpenLink open = null!;
    private RedisLogs logs = null!;

    private enum Act
    {
        Send,

        /// <summary>Sends what is pending, or only reads.</summary>
        SendAgain,
        LoseReply,
        Compact,
        Delete,
        Truncate,
    }

    private IDatabase Database => redis.Connection.GetDatabase();

    public async ValueTask InitializeAsync()
    {
        open = await OpenLink.ToAsync(redis.Server.Configuration, LogNode.Patience);
        logs = new RedisLogs(open.Link, "logs");
    }

    public ValueTask DisposeAsync() => open.DisposeAsync();

    [Fact]
    public async Task Whatever_happens_to_replies_and_data_every_node_knows_the_log_as_it_is_and_no_entry_is_in_it_twice()
    {
        var step = Gen.Select(
            Gen.Int[0, Likely.Length - 1].Select(act => Likely[act]),
            Gen.Int[0, 2],
            Gen.Int[0, 1000]);
        await step.Array[1, 60].SampleAsync(RunAsync, iter: 300, threads: 1);
    }

    [Fact]
    public async Task Nodes_at_once_lose_nothing_and_append_nothing_twice()
    {
        const int Views = 60;
        var subject = AnySubject();
        var nodes = Enumerable.Range(1, 4).Select(node => new LogNode(logs, subject, (uint)node)).ToArray();
        await Task.WhenAll(nodes.Select((node, index) => Task.Run(async () =>
        {
            var random = new Random(index);
            for (var held = 0; held < Views;)
            {
                node.View();
                Assert.True(await node.SendAsync());
                if (random.Next(4) > 0)
                    held += node.Apply() ? 1 : 0;
                if (random.Next(10) == 0)
                    await node.CompactAsync();
            }
        })));
        var log = (byte[])Database.StringGet(keys.Of(subject))!;
        Assert.Equal(nodes.Length * Views, FoldedLog.Of(log, Logs.Now).CountOf(Logs.Windows[0], 0));
        foreach (var node in nodes)
        {
            await node.SendAsync();
            node.Apply();
            Assert.Equal(log, node.Replica);
        }
    }

    [Fact]
    public async Task A_node_that_forgot_the_log_appends_no_entry_that_a_snapshot_applied_already()
    {
        var subject = AnySubject();
        var node = new LogNode(logs, subject, 7);
        for (var view = 0; view < 5; view++)
        {
            node.View();
            await node.SendAsync();
            node.Apply();
        }

        node.View();
        await node.SendAsync();
        var entry = node.Exchange.Entry;
        Assert.True(await new LogNode(logs, subject, 8).CompactAsync());
        var exchange = new LogExchange { Subject = subject, Entry = entry };
        Assert.True(await logs.ExchangeAsync([exchange], LogNode.Patience));
        Assert.Equal((LogStatus.Whole, true), (exchange.Status, exchange.IsHeld));
    }

    [Fact]
    public async Task The_bytes_of_a_key_are_written_to_again_only_where_its_command_was_answered()
    {
        var exchange = new LogExchange { Subject = AnySubject() };
        Assert.True(await logs.ExchangeAsync([exchange], LogNode.Patience));
        var answered = exchange.KeyFor(keys);
        exchange.Subject = AnySubject();
        Assert.Same(answered, exchange.KeyFor(keys));

        // No patience: whether the command is sent or not, nobody waits for what becomes of it.
        Assert.False(await logs.ExchangeAsync([exchange], TimeSpan.Zero));
        var before = answered.ToArray();
        exchange.Subject = AnySubject();
        Assert.NotSame(answered, exchange.KeyFor(keys));
        Assert.Equal(before, answered);
    }

    [Fact]
    public async Task A_log_is_replaced_only_while_nobody_appends_and_where_that_makes_it_shorter()
    {
        var subject = AnySubject();
        Assert.False(await new LogNode(logs, subject, 1).CompactAsync());
        var node = new LogNode(logs, subject, 1);
        node.View();
        await node.SendAsync();
        Assert.False(await node.CompactAsync());
        var log = (byte[])Database.StringGet(keys.Of(subject))!;
        var replace = EmbeddedScript.Read("compact.lua");
        foreach (var (length, mark, isReplaced) in new[] { (log.Length + 1, log[^8..], 0), (log.Length, new byte[8], 0), (log.Length, log[^8..], 1) })
            Assert.Equal(isReplaced, (int)Database.ScriptEvaluate(replace, [keys.Of(subject)], [length, mark, "snapshot", 1000]));
    }

    [Fact]
    public async Task A_damaged_log_is_mended()
    {
        var subject = AnySubject();
        Database.StringSet(keys.Of(subject), "damaged and long enough");
        var node = new LogNode(logs, subject, 1);
        Assert.True(await node.CompactAsync());
        Assert.True(LogReader.IsWellFormed((byte[])Database.StringGet(keys.Of(subject))!));
    }

    [Fact]
    public async Task A_key_of_another_type_is_begun_anew()
    {
        Assert.SkipUnless(redis.Server.IsProcess, "Only Redis hands a script the error of a command.");
        var subject = AnySubject();
        var node = new LogNode(logs, subject, 1);
        node.View();
        await node.SendAsync();
        Assert.True(node.Apply());
        Database.KeyDelete(keys.Of(subject));
        Database.HashSet(keys.Of(subject), "field", "value");
        node.View();
        Assert.True(await node.SendAsync());
        Assert.Equal((LogStatus.Lost, false), (node.Exchange.Status, node.Apply()));
        Assert.True(await node.SendAsync());
        Assert.Equal((LogStatus.Appended, true), (node.Exchange.Status, node.Apply()));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task A_log_longer_than_any_is_begun_anew(bool isKnown, bool isAppendedTo)
    {
        var subject = AnySubject();
        var node = new LogNode(logs, subject, 1);
        node.View();
        if (isKnown)
        {
            await node.SendAsync();
            Assert.True(node.Apply());
        }

        var rubbish = RandomNumberGenerator.GetBytes((8 << 20) + 1);
        if (isAppendedTo)
            Database.StringAppend(keys.Of(subject), rubbish);
        else
            Database.StringSet(keys.Of(subject), rubbish);
        Assert.False(await node.CompactAsync());
        node.View();
        Assert.True(await node.SendAsync());
        Assert.Equal((isKnown ? LogStatus.Lost : LogStatus.Appended, 0), (node.Exchange.Status, node.Exchange.News.Length));
        if (isKnown)
        {
            Assert.False(node.Apply());
            Assert.True(await node.SendAsync());
        }

        Assert.True(node.Apply());
        Assert.Equal(node.Replica, (byte[])Database.StringGet(keys.Of(subject))!);
        Assert.InRange(node.Replica.Length, 1, 100);
    }

    [Fact]
    public async Task What_many_long_logs_hold_is_answered_little_by_little()
    {
        var nodes = Enumerable.Range(0, 7).Select(_ => new LogNode(logs, AnySubject(), 1)).ToArray();
        foreach (var node in nodes)
        {
            node.View();
            Database.StringSet(keys.Of(node.Exchange.Subject), RandomNumberGenerator.GetBytes(5 << 20));
        }

        var left = nodes;
        for (var round = 1; round <= 3; round++)
        {
            foreach (var node in left)
                node.Prepare();
            Assert.True(await logs.ExchangeAsync([.. left.Select(node => node.Exchange)], LogNode.Patience));
            left = [.. left.Where(node => node.Exchange.Status == LogStatus.Unanswered)];
            Assert.Equal(Math.Max(0, 7 - (3 * round)), left.Length);
        }

        // Asked again, each entry is in its log once.
        Assert.All(nodes, node => Assert.True(Database.StringLength(keys.Of(node.Exchange.Subject)) == (5 << 20) + node.Exchange.Entry.Length));
    }

    [Fact]
    public async Task Many_subjects_go_in_several_scripts_and_each_gets_its_own_answer()
    {
        var subjects = Enumerable.Range(0, 300).Select(_ => AnySubject()).ToArray();
        var others = subjects.Select(subject => new LogNode(logs, subject, 1)).ToArray();
        var nodes = subjects.Select(subject => new LogNode(logs, subject, 2)).ToArray();
        for (var round = 0; round < 3; round++)
        {
            foreach (var node in nodes.Concat(others.Where((_, index) => index % 3 == round)))
            {
                node.View();
                node.Prepare();
            }

            Assert.True(await logs.ExchangeAsync([.. others.Where((_, index) => index % 3 == round).Select(node => node.Exchange)], LogNode.Patience));
            Assert.True(await logs.ExchangeAsync([.. nodes.Select(node => node.Exchange)], LogNode.Patience));
            for (var index = 0; index < nodes.Length; index++)
            {
                var hasNews = index % 3 == round;
                Assert.Equal(!hasNews ? LogStatus.Appended : round == 0 ? LogStatus.WholeAppended : LogStatus.News, nodes[index].Exchange.Status);
                Assert.True(nodes[index].Apply());
                Assert.Equal((byte[])Database.StringGet(keys.Of(subjects[index]))!, nodes[index].Replica);
            }
        }
    }

    [Fact]
    public async Task Every_log_expires_and_its_key_names_nobody()
    {
        var node = new LogNode(logs, AnySubject(), 1);
        node.View();
        await node.SendAsync();
        var key = keys.Of(node.Exchange.Subject);
        Assert.Matches("^logs:5:\\{t(0[0-9]|1[0-5])\\}:address:[0-9A-Za-z_-]{22}$", Encoding.UTF8.GetString(key));
        Assert.InRange(Database.KeyTimeToLive(key)!.Value.TotalMinutes, 59, 60);
    }

    [Fact]
    public async Task An_entry_leaves_the_expiry_of_a_log_that_is_known_until_it_is_due()
    {
        var node = new LogNode(logs, AnySubject(), 1);
        var key = keys.Of(node.Exchange.Subject);
        foreach (var (isDue, least, most) in new[] { (false, 59, 60), (false, 0, 10), (true, 59, 60) })
        {
            node.Exchange.IsExpiryDue = isDue;
            node.View();
            Assert.True(await node.SendAsync());
            Assert.True(node.Apply());
            Assert.InRange(Database.KeyTimeToLive(key)!.Value.TotalMinutes, least, most);
            Database.KeyExpire(key, TimeSpan.FromMinutes(10));
        }
    }

    [Fact]
    public async Task Without_an_argument_the_script_reads()
    {
        var node = new LogNode(logs, AnySubject(), 1);
        node.View();
        await node.SendAsync();
        Assert.True(node.Apply());
        RedisKey[] both = [keys.Of(AnySubject()), keys.Of(node.Exchange.Subject)];
        var answer = (byte[])Database.ScriptEvaluate(EmbeddedScript.Read("exchange.lua"), both)!;
        Assert.Equal([2, 0, (byte)LogStatus.Whole, (byte)node.Replica.Length, 0, 0, 0, .. node.Replica], answer);
    }

    [Fact]
    public async Task A_server_that_forgot_the_script_is_told_it_again()
    {
        Assert.SkipUnless(redis.Server.IsProcess, "Other tests run scripts meanwhile.");
        var node = new LogNode(logs, AnySubject(), 1);
        for (var view = 0; view < 3; view++)
        {
            await Database.ExecuteAsync("SCRIPT", "FLUSH");
            node.View();
            Assert.True(await node.SendAsync());
            Assert.True(node.Apply());
        }
    }

    [Fact]
    public void An_answer_that_makes_no_sense_answers_nothing()
    {
        Gen.Byte.Array[0, 40].Sample(
            noise =>
            {
                LogExchange[] exchanges = [new() { Known = 100 }, new(), new() { Known = 50, Entry = new byte[20] }];
                var isAnswered = ScriptOf(exchanges).TryAnswer(RedisResult.Create((RedisValue)noise));
                Assert.All(exchanges, exchange => Assert.Equal(isAnswered, exchange.Status != LogStatus.Unanswered));
            },
            iter: 20_000);
        Assert.False(ScriptOf([new()]).TryAnswer(RedisResult.Create(5)));
        Assert.False(ScriptOf([new()]).TryAnswer(null));
    }

    private static LogScript ScriptOf(LogExchange[] exchanges)
    {
        var script = new LogScript();
        foreach (var exchange in exchanges)
            script.Add(exchange);
        return script;
    }

    private async Task RunAsync((Act Act, int Node, int Number)[] steps)
    {
        var subject = AnySubject();
        var key = keys.Of(subject);
        var nodes = Enumerable.Range(1, 3).Select(node => new LogNode(logs, subject, (uint)node)).ToArray();
        var held = new HashSet<ulong>();
        var isDamaged = false;
        foreach (var (act, number, amount) in steps)
        {
            var node = nodes[number];
            var before = (byte[]?)await Database.StringGetAsync(key);

            // An entry sent again to the very place it had in a log that is gone would pass for that log: what stood before it is not compared.
            var loses = act is Act.Delete or Act.Truncate || (act is Act.Compact && isDamaged);
            foreach (var other in nodes.Where(other => loses && other.IsPending))
                other.ViewAnew();
            switch (act)
            {
                case Act.Delete:
                    await Database.KeyDeleteAsync(key);
                    held.Clear();
                    isDamaged = false;
                    break;
                case Act.Truncate when before is { Length: > 0 }:
                    await Database.StringSetAsync(key, before.AsMemory(0, amount % before.Length));
                    isDamaged = true;
                    break;
                case Act.Compact:
                    await node.CompactAsync();
                    break;
                default:
                    if (act is Act.Send or Act.LoseReply)
                        node.View();
                    if (node.IsPending)
                        held.Add(node.PendingMark);
                    Assert.True(await node.SendAsync());
                    AssertStatus(node, before);
                    if (act == Act.LoseReply)
                    {
                        // What arrived is held, whether or not the node knows.
                        if (!node.Exchange.IsHeld && node.IsPending)
                            held.Remove(node.PendingMark);
                        break;
                    }

                    if (!node.Apply() && node.IsPending)
                        held.Remove(node.PendingMark);
                    Assert.Equal((byte[]?)await Database.StringGetAsync(key) ?? [], node.Replica);
                    break;
            }

            if (isDamaged)
                continue;
            var log = (byte[]?)await Database.StringGetAsync(key) ?? [];
            Assert.All(held, mark => Assert.True(LogReader.Holds(log, mark)));
            Assert.Equal(held.Count, FoldedLog.Of(log, Logs.Now).CountOf(Logs.Windows[0], 0));
        }
    }

    /// <summary>The answer says of the log what is so, from what it was before.</summary>
    private static void AssertStatus(LogNode node, byte[]? before)
    {
        var isKnown = node.Replica.Length >= 8;
        var isThere = before is { Length: > 0 };
        var isTheSame = isThere && before!.Length >= node.Replica.Length && before.AsSpan(0, node.Replica.Length).SequenceEqual(node.Replica);
        LogStatus[] expected = (isKnown, isThere) switch
        {
            (true, false) => [LogStatus.Lost],
            (false, false) => [LogStatus.Appended],
            (true, true) when node.Exchange.Mark == ulong.MaxValue => [LogStatus.Whole],
            (true, true) when !isTheSame => [LogStatus.Whole],
            (true, true) => before!.Length == node.Replica.Length ? [LogStatus.Appended] : [LogStatus.News],
            (false, true) => [LogStatus.Whole, LogStatus.WholeAppended],
        };
        Assert.Contains(node.Exchange.Status, expected);
    }

    private static SubjectKey AnySubject() => new(SubjectType.Address, BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));
}
