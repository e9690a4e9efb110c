using System.Globalization;

namespace MemberPortal.Members;

/// <summary>Invents the members. The same number always gives the same person, and no name can be mistaken for a real one.</summary>
public static class InventedMembers
{
    /// <summary>How many there are; their numbers run from 1 to this.</summary>
    public const int Count = 20_000;

    private static readonly string[] Given =
    [
        "Alphée", "Bêtatrice", "Gammaël", "Deltaline", "Epsilone", "Zêtienne", "Êtaric", "Thêtaude", "Iotaline", "Kappandre",
        "Lambdette", "Mulienne", "Nuage", "Xilia", "Omicronne", "Pivoine", "Rhodolphe", "Sigmonde", "Tauline", "Oméga",
    ];

    private static readonly string[] Stems =
        ["Exempl", "Fictiv", "Invent", "Imagin", "Modél", "Simul", "Maquett", "Essay", "Prototyp", "Factic", "Gabari", "Echantill"];

    private static readonly string[] Endings =
        ["ard", "aud", "eau", "elin", "erot", "ier", "ine", "oche", "on", "ot", "oux", "uel", "ville", "y"];

    private static readonly string[] Insurers =
        ["Mutuelle Exemple", "Mutuelle du Prototype", "Prévoyance Fictive", "Santé Simulée", "Caisse des Essais", "Assurances du Modèle"];

    private static readonly string[] Cares = ["Pharmacy", "Consultations", "Laboratory", "Hospital", "Optical", "Dental", "Hearing"];

    /// <summary>The member with this number.</summary>
    public static Member Create(int id)
    {
        var random = new Random(id * 7919);
        var birthDate = new DateOnly(1930, 1, 1).AddDays(random.Next(365 * 92));
        return new Member(
            id,
            Pick(Given, random),
            Pick(Stems, random) + Pick(Endings, random),
            birthDate,
            InsuredNumber(id, birthDate, random),
            Pick(Insurers, random),
            new DateOnly(2027, 1, 1).AddMonths(random.Next(24)).AddDays(-1),
            Guarantees(random));
    }

    // Real numbers begin with 1 or 2 and name a department below 99.
    private static string InsuredNumber(int id, DateOnly birthDate, Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"9 {birthDate:yy MM} 99 {id / 1000:000} {id % 1000:000} {random.Next(1, 98):00}");

    private static string[] Guarantees(Random random) =>
        [.. Cares.Where(_ => random.Next(4) > 0).Select(care => string.Create(CultureInfo.InvariantCulture, $"{care}: {random.Next(7, 16) * 10} %"))];

    private static string Pick(string[] from, Random random) => from[random.Next(from.Length)];
}
