using CsCheck;
using ScrapeGuard.Counting;
using Xunit;

namespace ScrapeGuard.Tests.Counting.Redis;

/// <summary>Several nodes that count for one subject at once and share what they count whenever they can: in the end all know all of it, once.</summary>
public class SeveralNodesTests
{
    private const int Nodes = 3;
    private const long Start = 1_700_000_000_000L;

    private static readonly WindowSet Windows = new(
    [
        new Window(WindowCount.Views, 600_000),
        new Window(WindowCount.Records, 600_000),
        new Window(WindowCount.Records, SubjectState.NoveltyMilliseconds),
        new Window(WindowCount.Misses, 600_000),
        new Window(WindowCount.Pace, 600_000),
    ])
    {
        Calm = [4, 3, int.MaxValue, 0, int.MaxValue],
    };

    private static readonly Gen<Step> AnyStep = Gen.Select(Gen.Int[0, 99], Gen.Int[0, Nodes - 1], Gen.ULong[1, 6], Gen.Int[0, 1_000_000], Gen.Enum<Outcome>())
        .Select((act, node, record, amount, outcome) => new Step(ActOf(act), node, record, amount, outcome));

    // How often somebody was said to be calm.
    private int calm;

    private enum Act
    {
        Reserve,
        ReserveAnnounced,
        Settle,
        Wait,
        Exchange,
        LoseQuestion,
        LoseAnswer,
        Compact,
        Grant,
        Forget,
        LoseLog,
    }

    [Fact]
    public void All_nodes_count_every_view_once_whatever_is_lost_on_the_way()
    {
        AnyStep.Array[1, 80].Sample(steps => Run(steps.Where(step => step.Act is not Act.LoseLog)), iter: 3_000);
        Assert.True(calm > 1_000, $"Only {calm} times somebody was calm.");
    }

    [Fact]
    public void A_log_that_is_lost_is_told_again_by_those_who_knew_it_and_each_view_counts_once() => AnyStep.Array[1, 80].Sample(
        steps => Run(steps.Where(step => step.Act is not (Act.LoseAnswer or Act.LoseQuestion or Act.Forget)).Select(MostlyDisplayed)), iter: 1_000);

    /// <summary>An entry that is sent again to a new log, and put together there before others look, passes for the log that is gone: one or the other.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void However_often_the_log_is_lost_no_record_is_missing_and_none_counts_twice_where_all_views_show_theirs(bool isAnswered) => AnyStep.Array[1, 80].Sample(
        steps => Run(
            steps.Where(step => step.Act is not Act.Forget && (isAnswered ? step.Act is not (Act.LoseAnswer or Act.LoseQuestion) : step.Act is not Act.Compact))
                .Select(step => step with { Outcome = Outcome.Displayed }),
            isShown: true),
        iter: 2_000);

    [Fact]
    public void A_step_up_counts_once_when_every_node_tells_it_again()
    {
        var log = new MemoryLog();
        var nodes = Enumerable.Range(1, Nodes).Select(node => new CountingNode(log, Windows, new SubjectKey(SubjectType.Account, 7), (uint)node)).ToArray();
        nodes[0].Grant(Start);
        Array.ForEach(nodes, node => node.Exchange(Start + 1));
        log.Bytes = [];
        Array.ForEach([.. nodes, .. nodes], node => node.Exchange(Start + 2));
        Assert.All(nodes, node => Assert.Equal((1, 5), (node.Read(Start + 3).StepUpsToday, node.Read(Start + 3).AllowanceLeft)));
    }

    /// <summary>Redis was away for so long that a node no longer keeps which records it showed, only how many: each counts everywhere once all the same.</summary>
    [Fact]
    public void What_was_shown_in_a_long_outage_counts_as_a_number_where_it_is_too_much_to_name()
    {
        const int many = 1_500;
        const int few = 100;
        var log = new MemoryLog();
        var nodes = Enumerable.Range(1, Nodes).Select(node => new CountingNode(log, Windows, new SubjectKey(SubjectType.Account, 7), (uint)node)).ToArray();
        Array.ForEach(nodes, node => node.Exchange(Start));
        Show(nodes[0], first: 1, many);
        Show(nodes[1], first: 10_000, few);
        Array.ForEach([.. nodes, .. nodes], node => node.Exchange(Start + 60_000));
        Assert.All(nodes, node => Assert.Equal(
            (many + few, many + few, many + few),
            (node.Read(Start + 60_001).Counts[0].Settled.Total, node.Read(Start + 60_001).Counts[1].Settled.Total, node.Read(Start + 60_001).Counts[2].Settled.Total)));

        // Who knows a record by its name counts it no more; to the others one that was only a number is a novel one.
        Show(nodes[0], first: many, 1);
        Show(nodes[2], first: 1, 1);
        Show(nodes[2], first: many, 1);
        Array.ForEach([.. nodes, .. nodes], node => node.Exchange(Start + 120_000));
        Assert.All(nodes, node => Assert.Equal(many + few + 1, node.Read(Start + 120_001).Counts[1].Settled.Total));
    }

    /// <summary>Whichever node shows a record, the others hear that it lies beside one shown before, and take that back with the view.</summary>
    [Theory]
    [InlineData(true, nameof(Outcome.Displayed), 19)]
    [InlineData(false, nameof(Outcome.Displayed), 19)]
    [InlineData(true, nameof(Outcome.ViewOnly), 17)]
    [InlineData(false, nameof(Outcome.Missed), 20)]
    public void What_lies_beside_another_record_counts_once_more_on_every_node(bool isAnnounced, string last, int score)
    {
        var log = new MemoryLog();
        var nodes = Enumerable.Range(1, Nodes).Select(node => new CountingNode(log, Windows, new SubjectKey(SubjectType.Account, 7), (uint)node)).ToArray();
        for (var record = 1UL; record <= 10; record++)
        {
            var node = nodes[record % Nodes];
            node.Exchange(Start);
            var view = node.Reserve(Start, record, Windows.All, isAnnounced, []);
            node.Exchange(Start);
            node.Settle(view, record == 10 ? Enum.Parse<Outcome>(last) : Outcome.Displayed, Start);
            node.Exchange(Start);
        }

        Array.ForEach(nodes, node => node.Exchange(Start));
        Assert.All(nodes, node => Assert.Equal(score, node.Read(Start).Counts[4].Settled.Total));
        log.Bytes = [];
        Array.ForEach([.. nodes, .. nodes], node => node.Exchange(Start));
        Assert.All(nodes, node => Assert.Equal(score, node.Read(Start).Counts[4].Settled.Total));
    }

    [Fact]
    public void What_lies_beside_another_record_is_told_of_although_the_log_is_lost_before_it_was()
    {
        var log = new MemoryLog();
        var nodes = Enumerable.Range(1, Nodes).Select(node => new CountingNode(log, Windows, new SubjectKey(SubjectType.Account, 7), (uint)node)).ToArray();
        Show(nodes[0], first: 1, 3);
        Array.ForEach(nodes, node => node.Exchange(Start + 1));
        Show(nodes[0], first: 4, 1);
        log.Bytes = [];
        Array.ForEach([.. nodes, .. nodes], node => node.Exchange(Start + 1));
        Assert.All(nodes, node => Assert.Equal(4 + 3, node.Read(Start + 1).Counts[4].Settled.Total));
    }

    /// <summary>Where an operator lets the subject go, what it is shown in the same moment before and after is not put together.</summary>
    [Theory]
    [InlineData(false, 1 + 2 + 1 + 3 + 2)]
    [InlineData(true, 3 + 2)]
    public void What_lies_beside_another_record_is_told_with_it(bool isLetGo, int score)
    {
        var log = new MemoryLog();
        var nodes = Enumerable.Range(1, Nodes).Select(node => new CountingNode(log, Windows, new SubjectKey(SubjectType.Account, 7), (uint)node)).ToArray();
        Show(nodes[0], first: 100, 1);
        Array.ForEach(nodes, node => node.Exchange(Start + 1));
        Show(nodes[0], first: 1, 2);
        if (isLetGo)
            nodes[0].Forget(Start + 2);
        Show(nodes[0], first: 10, 3, Start + 3);
        Array.ForEach([.. nodes, .. nodes], node => node.Exchange(Start + 4));
        Assert.All(nodes, node => Assert.Equal(score, node.Read(Start + 4).Counts[4].Settled.Total));
    }

    private static void Show(CountingNode node, int first, int count, long at = Start + 1)
    {
        for (var record = first; record < first + count; record++)
            node.Settle(node.Reserve(at, (ulong)record, Windows.All, isAwaited: false, strictest: []), Outcome.Displayed, at);
    }

    private static Step MostlyDisplayed(Step step) => step with { Outcome = step.Amount % 20 != 0 ? Outcome.Displayed : step.Outcome };

    private static Act ActOf(int number) => number switch
    {
        < 20 => Act.Reserve,
        < 35 => Act.ReserveAnnounced,
        < 60 => Act.Settle,
        < 70 => Act.Wait,
        < 84 => Act.Exchange,
        < 87 => Act.LoseQuestion,
        < 90 => Act.LoseAnswer,
        < 95 => Act.Compact,
        < 96 => Act.Grant,
        < 98 => Act.Forget,
        _ => Act.LoseLog,
    };

    /// <summary>Who is said to be calm is: a revisit of theirs is let by without a look at what the windows hold.</summary>
    private void CheckCalm(CountingNode node)
    {
        var (isCalm, mayBe) = node.LookAtCalm();
        Assert.True(mayBe || !isCalm);
        if (isCalm)
            Interlocked.Increment(ref calm);
    }

    private void Run(IEnumerable<Step> steps, bool isShown = false)
    {
        var log = new MemoryLog();
        var subject = new SubjectKey(SubjectType.Account, 7);
        var nodes = Enumerable.Range(1, Nodes).Select(node => new CountingNode(log, Windows, subject, (uint)node)).ToArray();
        var truth = new Truth();
        var now = Start;
        foreach (var (act, number, record, amount, outcome) in steps)
        {
            var node = nodes[number];
            now++;
            switch (act)
            {
                case Act.Reserve or Act.ReserveAnnounced:
                    node.Reserve(now, record, Windows.All, act == Act.ReserveAnnounced, []);
                    break;
                case Act.Settle when node.Open.Count > 0:
                    var view = node.Open[amount % node.Open.Count];
                    node.Settle(view, outcome, now);
                    truth.Settle(view, outcome, now);
                    break;
                case Act.Wait:
                    now += amount / (1 + (int)(record * record * 10));
                    break;
                case Act.Exchange:
                    node.Exchange(now);
                    truth.Hear(number, now);
                    break;
                case Act.LoseQuestion or Act.LoseAnswer:
                    node.LoseAnswer(now, act == Act.LoseAnswer);
                    truth.LoseAnswer();
                    break;
                case Act.Compact:
                    node.Compact(now);
                    break;
                case Act.Grant:
                    node.Grant(now);
                    break;
                case Act.Forget:
                    node.Forget(now);
                    truth.Forget(number, now);
                    break;
                case Act.LoseLog:
                    log.Bytes = [];
                    truth.LoseLog();
                    break;
            }

            Assert.All(nodes, CheckCalm);
        }

        // Who was in the middle of something ends it; then each hears of the others.
        foreach (var node in nodes)
        {
            foreach (var view in isShown ? node.Open.ToArray() : [])
            {
                node.Settle(view, Outcome.Displayed, ++now);
                truth.Settle(view, Outcome.Displayed, now);
            }
        }

        now += SubjectReservation.Lifetime + 1;
        truth.End(nodes.Sum(node => node.Open.Count), now);
        for (var round = 0; round < 3; round++)
        {
            foreach (var node in nodes)
                node.Exchange(now);
        }

        for (var number = 0; number < nodes.Length; number++)
            AssertTrue(truth, number, nodes[number].Read(now), now);
        AssertAlike([.. nodes.Select(node => node.Read(now))]);
    }

    private static void AssertTrue(Truth truth, int number, SubjectReading reading, long now)
    {
        for (var index = 0; index < Windows.Count; index++)
        {
            var window = Windows[index];
            if ((window.Count == WindowCount.Views && !truth.AreViewsKnown) || (window.Count == WindowCount.Pace && !truth.ArePacesKnown))
                continue;
            var least = truth.Least(window.Count, now - window.Milliseconds);
            var most = truth.Most(window.Count, now - window.Milliseconds - (2 * window.SubWindow));
            Assert.True(reading.Counts[index].Settled.Total >= least, $"node {number}: {window.Count} in {window.Milliseconds} ms: {reading.Counts[index].Settled.Total} of {least} counted");
            Assert.True(reading.Counts[index].Settled.Total <= most, $"node {number}: {window.Count} in {window.Milliseconds} ms: {reading.Counts[index].Settled.Total} of {most} counted");
            Assert.Equal(0, reading.Counts[index].Reserved);
        }
    }

    private static void AssertAlike(SubjectReading[] readings)
    {
        foreach (var reading in readings)
        {
            Assert.Equal(
                (readings[0].Displayed, readings[0].StepUpsToday, readings[0].AllowanceLeft, readings[0].AllowanceUntil),
                (reading.Displayed, reading.StepUpsToday, reading.AllowanceLeft, reading.AllowanceUntil));
        }
    }

    /// <summary>What happened, by everybody's time.</summary>
    private sealed class Truth
    {
        private readonly List<(WindowCount Count, long At)> events = [];
        private readonly List<(ulong Record, long At)> displayed = [];
        private HashSet<int> unheard = [];
        private long forgottenAt;
        private long heardAt;
        private int forgetter;
        private bool isUnanswered;
        private int losses;
        private int vain;
        private int late;

        // What is taken back is told with what happened within the same five seconds: as if before or after the subject was let go.
        private int Doubted => losses > 0 || forgottenAt != 0 ? vain : 0;

        /// <summary>Neighbours have no names either, so that of a lost log only the greater number is known.</summary>
        public bool ArePacesKnown => losses == 0;

        // Two nodes that show a record at once both tell that it lies beside another.
        private int Beside => displayed.Count;

        // A miss that was announced as a record is one event less and one more of another weight.
        private int DoubtedOf(WindowCount count) => count == WindowCount.Pace ? (Pace.MissWeight + 1) * Doubted : Doubted;

        /// <summary>
        /// Views have no names. Of two logs that were lost, one after the other, each known to another node, only the greater number is known; and who had no
        /// answer when a log was lost tells the new one of views that others may have heard of.
        /// </summary>
        public bool AreViewsKnown => losses == 0 || (losses == 1 && !isUnanswered);

        public void LoseAnswer() => isUnanswered = true;

        public void Settle(SubjectReservation view, Outcome outcome, long now)
        {
            vain += outcome == Outcome.Displayed ? 0 : 1;

            // Its reservation had lapsed, and was taken back: who has not heard of that when the log is lost counts the view twice.
            late += now - view.At >= SubjectReservation.Lifetime ? 1 : 0;
            if (outcome == Outcome.Released)
                return;
            events.Add((WindowCount.Views, view.At));
            if (outcome == Outcome.Missed)
                events.Add((WindowCount.Misses, view.At));
            if (outcome == Outcome.Displayed)
                displayed.Add((view.Records[0], view.At));
        }

        public void Forget(int node, long now)
        {
            (forgottenAt, heardAt, forgetter) = (now, 0, node);
            unheard = [.. Enumerable.Range(0, Nodes)];
        }

        /// <summary>Who has exchanged after the node that let the subject go has heard of it.</summary>
        public void Hear(int node, long now)
        {
            if (!unheard.Contains(forgetter) || node == forgetter)
                unheard.Remove(node);
            if (unheard.Count == 0 && heardAt == 0)
                heardAt = now;
        }

        /// <summary>
        /// What was told of views under way is told again by those who heard it, and not all of them heard when such a view showed nothing: each may count, or
        /// hide another.
        /// </summary>
        public void LoseLog() => losses++;

        /// <summary>The history ends: what is under way shows nothing.</summary>
        public void End(int underWay, long now)
        {
            vain += underWay;
            heardAt = heardAt == 0 ? now : heardAt;
        }

        /// <summary>
        /// What was counted at least: what happened once every node had heard that the subject was let go; who has not, takes what is seen again for known.
        /// </summary>
        public int Least(WindowCount count, long after) => Math.Max(0, Count(count, after, forgottenAt == 0 ? 0 : heardAt + Windows.Finest) - DoubtedOf(count));

        /// <summary>At most: times closer together than the finest sub-window are one.</summary>
        public int Most(WindowCount count, long after) => DoubtedOf(count) + (count == WindowCount.Pace ? Beside : 0) + (losses > 0 && count == WindowCount.Views ? late : 0) + Count(count, after, forgottenAt == 0 ? 0 : forgottenAt - Windows.Finest);

        private int Count(WindowCount count, long after, long forgotten)
        {
            var from = Math.Max(after, forgotten - 1);
            if (count == WindowCount.Pace)
                return Count(WindowCount.Records, after, forgotten) + (Pace.MissWeight * Count(WindowCount.Misses, after, forgotten));
            if (count != WindowCount.Records)
                return events.Count(one => one.Count == count && one.At > from);

            // Histories are shorter than a day: no record is novel twice.
            return displayed.Where(one => one.At >= forgotten).GroupBy(one => one.Record).Count(shown => shown.Min(one => one.At) > from);
        }
    }

    private readonly record struct Step(Act Act, int Node, ulong Record, int Amount, Outcome Outcome);
}
