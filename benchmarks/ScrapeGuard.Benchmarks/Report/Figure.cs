using System.Globalization;

namespace ScrapeGuard.Benchmarks.Report;

/// <summary>Figures as a table shows them: three digits that mean something.</summary>
internal static class Figure
{
    public const string None = "-";

    public static string Of(double value)
    {
        if (!double.IsFinite(value))
            return None;
        var size = Math.Abs(value);
        var format = size switch { 0 => "0", < 0.001 => "0.#####", < 0.1 => "0.####", < 1 => "0.###", < 10 => "0.##", < 100 => "0.#", _ => "#,0" };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    public static string Ratio(double value) => double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : None;
}
