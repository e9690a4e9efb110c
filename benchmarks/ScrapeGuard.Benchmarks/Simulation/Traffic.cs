using System.Globalization;

namespace ScrapeGuard.Benchmarks.Simulation;

/// <summary>The parameters of the invented professionals. Each is an option of the command; the README says what they stand for.</summary>
internal sealed record Traffic
{
    private readonly Arguments arguments;
    private readonly List<string> read = [];

    public Traffic(Arguments arguments)
    {
        this.arguments = arguments;
        People = (int)Read("people", 5000);
        Records = (int)Read("records", 1_000_000);
        Attendance = Read("attendance", 0.9);
        Opened = Read("opened", 32);
        OpenedSpread = Read("opened-spread", 0.55);
        Office = Read("office", 0.01);
        OfficeLeast = Read("office-least", 100);
        OfficeMost = Read("office-most", 250);
        DaySpread = Read("day-spread", 0.25);
        OfficeDaySpread = Read("office-day-spread", 0.15);
        Revisits = Read("revisits", 0.575);
        Tabs = Read("tabs", 0.06);
        Families = Read("families", 0.08);
        InOrder = Read("in-order", 0.002);
        Typos = Read("typos", 0.015);
        Newest = Read("newest", 0.2);
        NewestPart = Read("newest-part", 0.03);
        Own = Read("own", 0.6);
        SecondAddress = Read("second-address", 0.15);
        SecondDays = Read("second-days", 0.3);
        Mobile = Read("mobile", 0.5);
        MobileShared = Read("mobile-shared", 60);
        Dynamic = Read("dynamic", 0.2);
        DynamicNights = Read("dynamic-nights", 0.3);
        Locums = Read("locums", 0.005);
        Shared = Read("shared", 0.025);
        Confirm = Read("confirm", 0.97);
    }

    /// <summary>Whether nobody signs in.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>The most people of one address.</summary>
    public int LargestPlace { get; init; } = 300;

    /// <summary>Professionals of a site.</summary>
    public int People { get; init; }

    /// <summary>Records of a site, whose ids are the numbers below this one.</summary>
    public int Records { get; init; }

    /// <summary>The share of the days on which somebody works.</summary>
    public double Attendance { get; }

    /// <summary>Records opened by one person in a day, on average, but for the back office.</summary>
    public double Opened { get; }

    /// <summary>How people differ in that: the standard deviation of the logarithm.</summary>
    public double OpenedSpread { get; }

    /// <summary>The share of people in the back office.</summary>
    public double Office { get; }

    public double OfficeLeast { get; }

    public double OfficeMost { get; }

    /// <summary>How days of one person differ: the standard deviation of the logarithm.</summary>
    public double DaySpread { get; }

    /// <summary>The same for the back office, whose days are alike.</summary>
    public double OfficeDaySpread { get; }

    /// <summary>The share of views of records that this person opened before on this day.</summary>
    public double Revisits { get; }

    /// <summary>The share of cases that are 3 to 8 records opened in tabs within 10 to 20 seconds.</summary>
    public double Tabs { get; }

    /// <summary>The share of cases that are 2 to 5 records next to each other.</summary>
    public double Families { get; }

    /// <summary>The share of a back office's cases that are 5 to 11 records in the order of their ids.</summary>
    public double InOrder { get; }

    /// <summary>The share of views whose id was mistyped.</summary>
    public double Typos { get; }

    /// <summary>The share of records opened that are among the newest.</summary>
    public double Newest { get; }

    /// <summary>Which part of all records the newest are.</summary>
    public double NewestPart { get; }

    /// <summary>The share of records opened that are among the place's own.</summary>
    public double Own { get; }

    /// <summary>The share of people with a second address.</summary>
    public double SecondAddress { get; }

    /// <summary>The share of their days on which they use it.</summary>
    public double SecondDays { get; }

    /// <summary>The share of second addresses that belong to a mobile network; the others are homes.</summary>
    public double Mobile { get; }

    /// <summary>How many of the site's people there are for one address of a mobile network.</summary>
    public double MobileShared { get; }

    /// <summary>The share of addresses of up to 10 people that may change over night, for one that others may have had.</summary>
    public double Dynamic { get; }

    /// <summary>The share of nights on which such an address changes.</summary>
    public double DynamicNights { get; }

    /// <summary>The share of days that somebody works at another place.</summary>
    public double Locums { get; }

    /// <summary>The share of accounts used by 2 to 6 people at once.</summary>
    public double Shared { get; }

    /// <summary>The share of people who confirm a step-up; the others stop for the day.</summary>
    public double Confirm { get; }

    public string Describe() => string.Join(", ", read);

    private double Read(string name, double byDefault)
    {
        var value = arguments.Amount(name, byDefault);
        read.Add($"{name} {value.ToString(CultureInfo.InvariantCulture)}");
        return value;
    }
}
