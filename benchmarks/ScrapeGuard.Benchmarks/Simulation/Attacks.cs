namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>The attacks: those that are known, those that know the rules, and those that pass every step-up.</summary>
internal static class Attacks
{
    private const double Minute = 60;
    private const double Hour = 60 * Minute;

    private static readonly Attack TwoAddresses = new("2 addresses, a stolen account each") { Addresses = 2, Accounts = 2 };
    private static readonly Attack Rotating = new("2 addresses cycling 50 stolen accounts, a session for 5 views")
    {
        Addresses = 2,
        Accounts = 50,
        ViewsInTurn = 5,
        ViewsOfSession = 5,
    };

    private static readonly Attack Botnet = new("500 addresses x 500 accounts, each a view a minute") { Addresses = 500, Accounts = 500, Gap = Minute / 500 };
    private static readonly Attack Inside = new("1 account inside a 300-person address, 5/s") { IsInside = true };
    private static readonly Attack Everywhere = new("1 account over 500 addresses, 5/s") { Addresses = 500, IsSpread = true };

    private static readonly Attack[] Known =
    [
        Of(TwoAddresses, "5/s", ReadingOrder.Sequential),
        Of(TwoAddresses, "5/s", ReadingOrder.Guessing),
        Of(TwoAddresses, "5/s", ReadingOrder.StolenList),
        Of(TwoAddresses, "50/s", ReadingOrder.StolenList) with { Gap = 0.02 },
        Of(new Attack("1 address"), "1 per 20 s", ReadingOrder.Sequential) with { Gap = 20 },
        Of(new Attack("1 address"), "1 per 20 s", ReadingOrder.StolenList) with { Gap = 20 },
        Of(Everywhere, ReadingOrder.Sequential),
        Of(Everywhere, ReadingOrder.StolenList),
        Of(Inside, ReadingOrder.Sequential),
        Of(Inside, ReadingOrder.StolenList),
        Of(Rotating, "2.5/s", ReadingOrder.StolenList) with { Gap = 0.4 },
        Of(Rotating, "25/s", ReadingOrder.StolenList) with { Gap = 0.04 },
        Of(Rotating, "2.5/s", ReadingOrder.Sequential) with { Gap = 0.4 },
        Of(Botnet, ReadingOrder.Sequential),
        Of(Botnet, ReadingOrder.StolenList),
    ];

    private static readonly Attack[] Anonymous =
    [
        Of(new Attack("2 anonymous addresses") { Addresses = 2, Accounts = 0, ViewsOfSession = 0 }, "5/s", ReadingOrder.Sequential),
        Of(new Attack("2 anonymous addresses") { Addresses = 2, Accounts = 0, ViewsOfSession = 0 }, "5/s", ReadingOrder.StolenList),
        Of(new Attack("2 anonymous addresses with a session") { Addresses = 2, Accounts = 0 }, "5/s", ReadingOrder.StolenList),
        Of(new Attack("500 anonymous addresses") { Addresses = 500, Accounts = 0, ViewsOfSession = 0 }, "5/s", ReadingOrder.Sequential),
        Of(new Attack("500 anonymous addresses") { Addresses = 500, Accounts = 0, ViewsOfSession = 0 }, "5/s", ReadingOrder.StolenList),
    ];

    /// <summary>Bots that know the rules and stay just below one.</summary>
    private static readonly Attack[] Careful =
    [
        new("1 account, a record per 4.2 s") { Gap = 4.2 },
        new("1 account, a record per 21 s") { Gap = 21 },
        new("1 account, a record per 125 s") { Gap = 125 },
        new("1 account, 59 records in 10 min") { Gap = 10 * Minute / 59 },
        new("1 account, 55 records at 5/s, then 11 min of rest") { Burst = 55, Pause = 11 * Minute },
        new("1 account, 20 records at 5/s, then 20 min of rest") { Burst = 20, Pause = 20 * Minute },
        new("1 account, 410 records a day") { Gap = 10 * Hour / 410, PerDay = 410 },
        new("1 account, a new session for each view, 5/s") { ViewsOfSession = 1 },
        new("1 account, 5/s, every third id") { Order = ReadingOrder.EveryThird },
        new("1 account, 5/s, stretches of 300 ids shuffled") { Order = ReadingOrder.Shuffled },
        new("1 account, 1 per 20 s, stretches of 300 ids shuffled") { Order = ReadingOrder.Shuffled, Gap = 20 },
        new("1 account, 150 records in 9 hours, revisits as people have") { Gap = 9 * Hour / 350, PerDay = 150, Revisits = 0.575 },
        Rotating with { Name = Rotating.Name + ", 1/s", Gap = 1 },
        Rotating with { Name = Rotating.Name + ", 1 per 2 s", Gap = 2 },
        Botnet with { Name = Botnet.Name + ", stretches of 300 ids shuffled", Order = ReadingOrder.Shuffled },
        Botnet with { Name = Botnet.Name + ", every fourth id twice", Order = ReadingOrder.SomeTwice },
        new("2 addresses cycling 50 stolen accounts, 40 records a day each") { Addresses = 2, Accounts = 50, Gap = 9 * Hour / 2000, PerDay = 40 },
        new("50 addresses x 50 accounts, 40 records a day each") { Addresses = 50, Accounts = 50, Gap = 9 * Hour / 2000, PerDay = 40 },
    ];

    public static (string Title, Attack[] Attacks)[] Groups =>
    [
        ("Attacks", Known),
        ("Attacks on a portal without accounts", Anonymous),
        ("Bots that know the rules", Careful),
        ("Bots that pass every step-up", [.. Known.Concat(Careful).Select(Passing)]),
    ];

    private static Attack Passing(Attack attack) => attack with { Name = attack.Name + ", passing step-ups", PassesStepUps = true };

    private static Attack Of(Attack attack, string rate, ReadingOrder order) => Of(attack with { Name = $"{attack.Name}, {rate}" }, order);

    private static Attack Of(Attack attack, ReadingOrder order) => attack with
    {
        Order = order,
        Name = attack.Name + order switch
        {
            ReadingOrder.Sequential => ", sequential",
            ReadingOrder.Guessing => ", guessing",
            _ => ", stolen list",
        },
    };
}
