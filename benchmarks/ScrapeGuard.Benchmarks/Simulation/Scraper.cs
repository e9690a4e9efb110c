using System.Globalization;
using System.Net;
using ScrapeGuard.Counting;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>
/// An attacker at work. An account that is refused is spent, unless it passes the step-up; a session that is refused is replaced; an address that refuses an
/// account is not tried with it again. Before a rate limiter it waits and goes on.
/// </summary>
internal sealed class Scraper
{
    private readonly Attack attack;
    private readonly GuardedSite site;
    private readonly Random random;
    private readonly IPAddress[] addresses;
    private readonly List<Client> live;
    private readonly Targets targets;
    private readonly string[] ids;
    private readonly HashSet<int> shown = [];
    private readonly List<int> inOrder = [];
    private int? pending;
    private int sessions;
    private int turn;
    private int viewsInTurn;
    private int made;

    /// <param name="attack">How to scrape.</param>
    /// <param name="site">The site.</param>
    /// <param name="addresses">The attacker's addresses.</param>
    /// <param name="accounts">The stolen accounts; none for a portal where nobody signs in.</param>
    /// <param name="records">How many records the site has.</param>
    /// <param name="seed">Which run it is.</param>
    public Scraper(Attack attack, GuardedSite site, IPAddress[] addresses, string[] accounts, int records, int seed)
    {
        (this.attack, this.site, this.addresses) = (attack, site, addresses);
        random = new Random(seed);
        targets = new Targets(attack.Order, records, random);
        ids = RecordIds.Of(records);
        live = [.. Enumerable.Range(0, attack.Clients).Select(number => new Client(accounts.ElementAtOrDefault(number), number % addresses.Length, addresses.Length))];
    }

    /// <summary>Records shown to the attacker, over all addresses and accounts.</summary>
    public int Shown => shown.Count;

    /// <summary>Whether nothing of the attacker's is admitted any more.</summary>
    public bool IsStopped => live.Count == 0;

    /// <summary>Whether all clients have had what they take in a day.</summary>
    public bool IsResting => live.All(client => client.Shown >= attack.PerDay);

    /// <summary>When the last record was shown.</summary>
    public DateTimeOffset LastShown { get; private set; }

    /// <summary>How long it is until the next view.</summary>
    public TimeSpan Wait()
    {
        var pause = made % attack.Burst == 0 && made > 0 ? attack.Pause : 0;
        return TimeSpan.FromSeconds((attack.Gap * (0.9 + (0.2 * random.NextDouble()))) + pause);
    }

    /// <summary>Asks for one record, now.</summary>
    public void View()
    {
        var client = Next();
        var record = pending ?? Choose();
        pending = null;
        made++;
        for (var attempt = 0; attempt < 6 && !IsStopped; attempt++)
        {
            var (assessment, _) = site.Guard.View(ViewOf(client, record));
            if (assessment.Verdict == Verdict.Allow)
            {
                Note(client, record);
                return;
            }

            if (site.Variant.IsLimiter || !Evades(client, assessment))
                break;
        }

        pending = record;
    }

    private int Choose() => inOrder.Count > 0 && random.Chance(attack.Revisits) ? inOrder[^random.Next(1, Math.Min(inOrder.Count, 20) + 1)] : targets.Next();

    private Client Next()
    {
        if (viewsInTurn++ >= attack.ViewsInTurn)
            (turn, viewsInTurn) = (turn + 1, 1);
        var client = live[turn % live.Count];
        for (var skipped = 0; client.Shown >= attack.PerDay && skipped < live.Count; skipped++)
            client = live[++turn % live.Count];
        if (attack.IsSpread)
            client.MoveOn();
        return client;
    }

    private OfflineView ViewOf(Client client, int record)
    {
        if (attack.ViewsOfSession > 0 && (client.Session is null || client.ViewsOfSession++ >= attack.ViewsOfSession))
            Replace(client);
        var exists = record < ids.Length;
        var id = exists ? ids[record] : record.ToString(CultureInfo.InvariantCulture);
        return new OfflineView(
            addresses[client.Address], client.Account, client.Session, GuardedSite.Kind, id, exists ? Outcome.Displayed : Outcome.Missed);
    }

    private void Replace(Client client) =>
        (client.Session, client.ViewsOfSession) = (string.Create(CultureInfo.InvariantCulture, $"scraper-{sessions++}"), 1);

    private void Note(Client client, int record)
    {
        if (record >= ids.Length || !shown.Add(record))
            return;
        client.Shown++;
        inOrder.Add(record);
        LastShown = site.Guard.Now;
    }

    /// <summary>Does what there is to do about a refusal; false where the next view is another client's.</summary>
    private bool Evades(Client client, ScrapeGuardAssessment assessment)
    {
        if (assessment.Verdict == Verdict.StepUp && attack.PassesStepUps && site.Guard.CompleteStepUp(client.Account, client.Session))
            return true;

        switch (assessment.Subject)
        {
            case SubjectType.Address:
                if (client.Leave())
                    return true;
                break;
            case SubjectType.Session when client.Account is null || assessment.Verdict == Verdict.Block:
                Replace(client);
                return true;
        }

        live.Remove(client);
        return false;
    }

    /// <summary>One account and what it is used with, or one address that nobody signs in from.</summary>
    private sealed class Client(string? account, int address, int addresses)
    {
        private readonly bool[] refused = new bool[addresses];

        public string? Account => account;

        public int Address { get; private set; } = address;

        public string? Session { get; set; }

        public int ViewsOfSession { get; set; }

        public int Shown { get; set; }

        /// <summary>Leaves an address that refuses this account; false where there is no other.</summary>
        public bool Leave()
        {
            refused[Address] = true;
            if (account is null || Array.TrueForAll(refused, isRefused => isRefused))
                return false;
            MoveOn();
            return true;
        }

        public void MoveOn()
        {
            do
            {
                Address = (Address + 1) % refused.Length;
            }
            while (refused[Address]);
        }
    }
}
