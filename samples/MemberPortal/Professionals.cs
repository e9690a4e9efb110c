using System.Globalization;

namespace MemberPortal;

/// <summary>The accounts of the portal: pharmacist001 to pharmacist5000, each with the password <c>demo</c>.</summary>
public static class Professionals
{
    private const string Prefix = "pharmacist";

    /// <summary>How many there are.</summary>
    public const int Count = 5_000;

    /// <summary>The password of all of them.</summary>
    public const string Password = "demo";

    /// <summary>The user name of one of them.</summary>
    public static string UserName(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:000}");

    /// <summary>Whether such a professional exists and this is the password.</summary>
    public static bool Verify(string? userName, string? password) =>
        password == Password
        && userName is not null
        && userName.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(userName.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is >= 1 and <= Count
        && userName == UserName(number);
}
