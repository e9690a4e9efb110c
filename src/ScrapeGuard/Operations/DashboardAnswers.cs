using System.Text.Json.Serialization;

namespace ScrapeGuard.Operations;

internal sealed record SummaryAnswer(
    ScrapeGuardMode Mode, DateTimeOffset Since, long Views, long RecordsDisplayed, long BlockedRequests, int ActiveBlocks, int Subjects, RedisAnswer Redis,
    IReadOnlyList<ShareAnswer> Concentration);

internal sealed record RedisAnswer(string State, double LagSeconds, int Nodes, int SilentNodes, DateTimeOffset? LostAt);

internal sealed record ShareAnswer(string Address, double Share);

internal sealed record BlocksAnswer(IReadOnlyList<BlockAnswer> Items, string? Next);

internal sealed record BlockAnswer(
    string Id, SubjectType Subject, string Value, BlockReach Reach, string Cause, ScrapeGuardMode Mode, DateTimeOffset Since, DateTimeOffset Until, int Views,
    int Records, long Refused, string? Network, string? Country, string Reference, string Explanation);

internal sealed record BlockRequest(SubjectType? Subject, string? Value, string? Duration, string? Reason, BlockReach? Reach);

internal sealed record SubjectsAnswer(IReadOnlyList<SubjectAnswer> Items);

internal sealed record SubjectAnswer(
    string Id, SubjectType Subject, string Value, string Reference, int Views, int Records, int? RawViews, int? RawRecords, int Displayed,
    IReadOnlyList<LimitAnswer> Limits, BlockAnswer? Block);

/// <param name="Name">The limit.</param>
/// <param name="Count">What is known to have been counted: at least so many.</param>
/// <param name="AtMost">What may have been counted by nodes that are not heard of, included; null where nothing bounds that.</param>
/// <param name="Max">How many are let through.</param>
/// <param name="Left">How many more.</param>
internal sealed record LimitAnswer(string Name, int Count, int? AtMost, int Max, int Left);

internal sealed record ProblemAnswer(string Title, int Status, string Detail);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, PropertyNameCaseInsensitive = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SummaryAnswer))]
[JsonSerializable(typeof(BlocksAnswer))]
[JsonSerializable(typeof(BlockAnswer))]
[JsonSerializable(typeof(BlockRequest))]
[JsonSerializable(typeof(SubjectsAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
internal sealed partial class DashboardJson : JsonSerializerContext;
