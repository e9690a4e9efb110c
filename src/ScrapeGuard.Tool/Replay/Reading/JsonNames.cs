using System.Text;

namespace ScrapeGuard.Tool.Replay.Reading;

/// <summary>
/// The names under which servers write what matters, by their path through the objects of a line, in any case: nginx as it is usually configured, Caddy,
/// Traefik, request logging of Serilog, the Elastic Common Schema. Where a line has several for one thing, the name that stands first here holds.
/// </summary>
internal sealed class JsonNames
{
    private static readonly (JsonField Field, string Names)[] Known =
    [
        (JsonField.Time, "time_iso8601 startutc @timestamp @t timestamp ts time msec time_local datetime date"),
        (JsonField.Client, "request.client_ip client_ip clientip clienthost remote_addr remote_ip request.remote_ip remoteipaddress remoteip "
            + "client.ip source.ip clientaddr client.address source.address request.remote_addr ip client"),
        (JsonField.Method, "request_method requestmethod request.method http.request.method method http_method verb"),
        (JsonField.Request, "request request_line"),
        (JsonField.Target, "request_uri requesturi request.uri requestpath url.original request.url uri url.path url path request_path"),
        (JsonField.Query, "args query_string querystring url.query query"),
        (JsonField.Status, "status statuscode downstreamstatus status_code http.response.status_code response.status response_code"),
        (JsonField.UserAgent, "http_user_agent useragent user_agent user_agent.original request.headers.user-agent request_user-agent agent"),
    ];

    // Serilog puts what it knows beneath this, where it does not write its compact form.
    private const string Properties = "properties.";

    private readonly Dictionary<ulong, (byte[] Name, JsonField Field, byte Rank)> byHash = [];
    private readonly byte[]? account;
    private readonly byte[]? session;

    public JsonNames(SubjectFields fields)
    {
        (account, session) = (Lower(fields.Account), Lower(fields.Session));
        foreach (var (field, names) in Known)
        {
            byte rank = 1;
            foreach (var name in names.Split(' '))
            {
                Add(name, field, rank);
                Add(Properties + name, field, rank++);
            }
        }
    }

    /// <summary>What a property holds, and how its name ranks among those of the same thing: 1 before 2.</summary>
    /// <param name="path">The names of the objects around it and its own, in lower case, with dots between.</param>
    public JsonField Find(ReadOnlySpan<byte> path, out byte rank)
    {
        rank = 1;
        if (IsNamed(path, account))
            return JsonField.Account;
        if (IsNamed(path, session))
            return JsonField.Session;
        if (!byHash.TryGetValue(ByteHash.Of(path), out var entry) || !path.SequenceEqual(entry.Name))
            return JsonField.Other;
        rank = entry.Rank;
        return entry.Field;
    }

    /// <summary>Whether the path, or its last name, is the one that was named.</summary>
    private static bool IsNamed(ReadOnlySpan<byte> path, byte[]? name) =>
        name is not null && path.EndsWith(name) && (path.Length == name.Length || path[^(name.Length + 1)] == '.');

    private static byte[]? Lower(string? name) => name is null ? null : Encoding.UTF8.GetBytes(name.ToLowerInvariant());

    private void Add(string name, JsonField field, byte rank)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        byHash[ByteHash.Of(bytes)] = (bytes, field, rank);
    }
}
