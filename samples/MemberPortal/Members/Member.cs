namespace MemberPortal.Members;

/// <summary>One insured person, as the display page shows them.</summary>
public sealed record Member(
    int Id,
    string GivenName,
    string FamilyName,
    DateOnly BirthDate,
    string InsuredNumber,
    string Insurer,
    DateOnly RightsUntil,
    IReadOnlyList<string> Guarantees);
