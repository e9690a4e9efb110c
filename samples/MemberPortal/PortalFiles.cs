namespace MemberPortal;

/// <summary>Where the portal keeps what it writes.</summary>
internal static class PortalFiles
{
    /// <summary>The database named by <c>Portal:Database</c>; default: a file in the user's application data.</summary>
    public static string Database(IConfiguration configuration)
    {
        var path = configuration["Portal:Database"] is { Length: > 0 } configured ? configured : Path.Combine(DataFolder(), "members.db");
        return Path.GetFullPath(path);
    }

    /// <summary>The folder of the keys that protect cookies and forms.</summary>
    public static string Keys(string database) => Path.Combine(Path.GetDirectoryName(database)!, "keys");

    private static string DataFolder()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "MemberPortal");
    }
}
