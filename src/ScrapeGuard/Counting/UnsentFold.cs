using ScrapeGuard.Counting.Log;

namespace ScrapeGuard.Counting;

/// <summary>What was not told yet, as a part of a fold.</summary>
internal static class UnsentFold
{
    /// <summary>Adds it, as if it were the end of the log.</summary>
    /// <param name="fold">The fold.</param>
    /// <param name="unsent">What was not told.</param>
    /// <param name="own">Which start of which node this is.</param>
    public static void Add(LogFold fold, in Unsent unsent, uint own)
    {
        switch (unsent.Type)
        {
            case UnsentType.Record:
                fold.Record(unsent.Value, unsent.At, unsent.Charge, own);
                break;
            case UnsentType.Shown:
                fold.Record(unsent.Value, unsent.At, unsent.Charge, own, LogEventType.Shown);
                break;
            case UnsentType.Withdraw:
                fold.Records.Withdraw(unsent.Value, own, unsent.At);
                break;
            case UnsentType.Counts:
                fold.Count(unsent.At, unsent.Charge, new LogCounts(unsent.Views, unsent.Misses, unsent.Records, unsent.RawViews, unsent.RawRecords, unsent.Neighbours));
                break;
            case UnsentType.Grant:
                fold.Grant(unsent.At, unsent.Views, (long)unsent.Value);
                break;
            case UnsentType.Allowance:
                fold.UseAllowance(unsent.Views);
                break;
            case UnsentType.Forget:
                fold.Forget(unsent.At);
                break;
        }
    }

    /// <summary>Undoes what it has added to what is known here.</summary>
    public static void TakeOut(LogFold fold, in Unsent unsent)
    {
        switch (unsent.Type)
        {
            case UnsentType.Record:
                fold.TakeOutRecord(unsent.Value, unsent.At, unsent.Charge);
                break;
            case UnsentType.Counts:
                fold.Count(unsent.At, unsent.Charge, new LogCounts(-unsent.Views, -unsent.Misses, -unsent.Records, -unsent.RawViews, -unsent.RawRecords, -unsent.Neighbours));
                break;
            case UnsentType.Grant:
                fold.TakeOutGrant(unsent.At);
                break;
            case UnsentType.Allowance:
                fold.UseAllowance(-unsent.Views);
                break;
        }
    }
}
