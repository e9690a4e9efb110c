using ScrapeGuard.Counting;
using ScrapeGuard.Detection;

namespace ScrapeGuard.Benchmarks.Decision;

/// <summary>
/// ScrapeGuard's: address, session and account, with records, by the shipped limits. Each client comes back for one record: no limit is ever reached, as a
/// revisit is no novel record and the limit of views is the strangers' alone. An outcome that is never counted leaves nothing behind: a revisit reserves
/// nothing, which is asserted in the end.
/// </summary>
internal sealed class GuardDecision : IDecision
{
    private static readonly LimitSet Limits = new(new ScrapeGuardOptions());
    private static readonly StepUpOptions StepUp = new();

    /// <summary>How many views of one shard the threads may have had in flight at once, and more.</summary>
    private const int MostFlights = 8;

    private readonly SubjectTable table;
    private readonly ViewCounter counter;
    private readonly Client[] clients;
    private readonly ThreadLocal<CountedView> views = new(() => new CountedView());

    private readonly bool isSettled;

    /// <param name="clients">How many clients there are.</param>
    /// <param name="isSettled">Whether the outcome of each view is counted.</param>
    public GuardDecision(int clients, bool isSettled)
    {
        this.isSettled = isSettled;
        table = new SubjectTable(8L << 30);
        counter = new ViewCounter(table, new GuardClock(TimeProvider.System));
        var random = new Random(2);
        var all = Enumerable.Range(0, clients).Select(_ => ClientOf(random)).ToArray();
        foreach (var client in all)
            Settle(Judge(client));

        // A request brings subjects of its own, just captured: not somewhere in a cold memory.
        this.clients = [.. Draws.Of(clients).Select(client => new Client(all[client][0]))];
    }

    public bool Decide(int client, int view)
    {
        var decided = Judge(clients[Draws.Index(view)]);
        if (isSettled)
            Settle(decided);
        return decided.IsAllowed;
    }

    public void Dispose()
    {
        views.Dispose();
        if (table.Shards.Any(shard => shard.Flights.Used > MostFlights))
            throw new InvalidOperationException("Views are still in flight, so this measures something else.");
    }

    private static Client ClientOf(Random random)
    {
        var subjects = new ViewSubjects(KeyOf(SubjectType.Account, random), KeyOf(SubjectType.Session, random), KeyOf(SubjectType.Address, random)) { IsSignedIn = true };
        return new Client(subjects);
    }

    private static SubjectKey KeyOf(SubjectType type, Random random) => new(type, new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()));

    private CountedView Judge(Client client)
    {
        var view = views.Value!;
        view.Begin("member", 1);
        if (view.Records[0].Length == 0)
            view.Records[0] = new ulong[1];
        view.Records[0][0] = (ulong)client[0].Account!.Value.Hash | 1;
        var counting = counter.CountAsync(Limits, StepUp, view, client, TimeSpan.Zero);
        if (!counting.IsCompletedSuccessfully)
            throw new InvalidOperationException("A decision in process waits for nothing.");
        return view;
    }

    private void Settle(CountedView view) => counter.Settle(view, new Settlement(Outcome.Displayed));

    private sealed class Client(ViewSubjects subjects) : IViewedBy
    {
        private readonly ViewSubjects subjects = subjects;
        private readonly AddressInClear none;

        public int Keys => 1;

        public ref readonly AddressInClear Address => ref none;

        public ref readonly ViewSubjects this[int key] => ref subjects;

        public ulong Record(int key, string kind, ReadOnlySpan<char> id) => throw new NotSupportedException("These records have no numbers.");
    }
}
