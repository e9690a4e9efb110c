using Microsoft.Data.Sqlite;

namespace MemberPortal.Members;

/// <summary>Reads members: one query per view, over pooled read-only connections.</summary>
public sealed class MemberStore(string path) : IDisposable
{
    private const string Columns = "id, given_name, family_name, birth_date, insured_number, insurer, rights_until, guarantees";

    private readonly string _connection = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString();

    /// <summary>The member with this number, or null.</summary>
    public Member? Find(int id) =>
        Query($"SELECT {Columns} FROM member WHERE id = $id", values => values.AddWithValue("$id", id)).FirstOrDefault();

    /// <summary>The first <paramref name="most"/> members whose family name begins so and who were born that day; either may be left out.</summary>
    public IReadOnlyList<Member> Search(string? name, DateOnly? birthDate, int most) => Query(
        $"""
        SELECT {Columns} FROM member
        WHERE ($name IS NULL OR family_name LIKE $name ESCAPE '\') AND ($birth_date IS NULL OR birth_date = $birth_date)
        ORDER BY family_name, given_name, id LIMIT $most
        """,
        values =>
        {
            values.AddWithValue("$name", name is null ? DBNull.Value : Escape(name) + "%");
            values.AddWithValue("$birth_date", birthDate is null ? DBNull.Value : birthDate.Value);
            values.AddWithValue("$most", most);
        });

    /// <summary>Closes the pooled connections, so that the file can be deleted.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    private List<Member> Query(string sql, Action<SqliteParameterCollection> bind)
    {
        using var connection = new SqliteConnection(_connection);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        bind(command.Parameters);
        using var reader = command.ExecuteReader();
        var members = new List<Member>();
        while (reader.Read()) members.Add(Read(reader));
        return members;
    }

    private static Member Read(SqliteDataReader row) => new(
        row.GetInt32(0),
        row.GetString(1),
        row.GetString(2),
        row.GetFieldValue<DateOnly>(3),
        row.GetString(4),
        row.GetString(5),
        row.GetFieldValue<DateOnly>(6),
        row.GetString(7).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
