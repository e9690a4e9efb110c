using System.Text.Json.Serialization;

namespace ScrapeGuard.Enforcement.Redis;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Block))]
internal sealed partial class BlockJson : JsonSerializerContext;
