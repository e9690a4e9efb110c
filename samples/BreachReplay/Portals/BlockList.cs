using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BreachReplay.Portals;

/// <summary>Reads the blocks from the dashboard's API, as an operator on the portal's own machine may.</summary>
internal static class BlockList
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new LooseTextConverter() } };

    /// <summary>The blocks, or why they cannot be read.</summary>
    public static async Task<(IReadOnlyList<BlockEntry> Blocks, string? Failure)> ReadAsync(Uri node, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };
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
