using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BreachReplay.Portals;

/// <summary>Reads the blocks from the dashboard's API, as an operator on the portal's own machine may.</summary>
internal sealed class BlockList(Uri node)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new LooseTextConverter() } };

    /// <summary>The blocks, or why they cannot be read.</summary>
    public async Task<(IReadOnlyList<BlockEntry> Blocks, string? Failure)> ReadAsync(CancellationToken stop)
    {
        using var http = Client();
        var blocks = new List<BlockEntry>();
        string? next = null;
        try
        {
            do
            {
                var query = next is null ? "" : $"?after={Uri.EscapeDataString(next)}";
                var page = await http.GetFromJsonAsync<BlockPage>(new Uri(node, $"/scrapeguard/api/blocks{query}"), Json, stop);
                blocks.AddRange(page?.Items ?? []);
                next = page?.Next;
            }
            while (next is { Length: > 0 });
            return (blocks, null);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or NotSupportedException)
        {
            return (blocks, error.Message);
        }
    }

    /// <summary>The block of an account, which the list of all shows by a token; null where there is none, or it cannot be read.</summary>
    public async Task<BlockEntry?> FindAsync(string account, CancellationToken stop)
    {
        using var http = Client();
        try
        {
            var found = await http.GetFromJsonAsync<SubjectPage>(new Uri(node, $"/scrapeguard/api/subjects?account={Uri.EscapeDataString(account)}"), Json, stop);
            return found?.Items is [var subject, ..] ? subject.Block : null;
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private static HttpClient Client() => new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>A cursor may be a number as well as a text.</summary>
    private sealed class LooseTextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Null) return reader.GetString();
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.GetRawText();
        }

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
