using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MemberPortal.Members;

/// <summary>Makes the database of members at the first start.</summary>
internal static class MemberDatabase
{
    private const string Schema = """
        CREATE TABLE member (
            id INTEGER PRIMARY KEY,
            given_name TEXT NOT NULL,
            family_name TEXT NOT NULL COLLATE NOCASE,
            birth_date TEXT NOT NULL,
            insured_number TEXT NOT NULL,
            insurer TEXT NOT NULL,
            rights_until TEXT NOT NULL,
            guarantees TEXT NOT NULL);
        CREATE INDEX member_by_name ON member (family_name, birth_date);
        CREATE INDEX member_by_birth_date ON member (birth_date);
        """;

    public static void EnsureCreated(string path)
    {
        if (File.Exists(path)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Several nodes may start at once: each writes a file of its own, and the first to finish names it.
        var draft = path + "." + Guid.NewGuid().ToString("N");
        try
        {
            Fill(draft);
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another node was first, with the same members.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Fill(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using (var create = connection.CreateCommand())
        {
            create.CommandText = Schema;
            create.ExecuteNonQuery();
        }

        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO member VALUES ($0, $1, $2, $3, $4, $5, $6, $7)";
        for (var i = 0; i < 8; i++) insert.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i}") });
        foreach (var member in Enumerable.Range(1, InventedMembers.Count).Select(InventedMembers.Create))
        {
            Bind(insert.Parameters, member);
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static void Bind(SqliteParameterCollection values, Member member)
    {
        values[0].Value = member.Id;
        values[1].Value = member.GivenName;
        values[2].Value = member.FamilyName;
        values[3].Value = member.BirthDate;
        values[4].Value = member.InsuredNumber;
        values[5].Value = member.Insurer;
        values[6].Value = member.RightsUntil;
        values[7].Value = string.Join('\n', member.Guarantees);
    }
}
