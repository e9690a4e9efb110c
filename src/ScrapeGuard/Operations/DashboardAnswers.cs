using System.Text.Json.Serialization;

namespace ScrapeGuard.Operations;

internal sealed record SummaryAnswer(
    ScrapeGuardMode Mode, DateTimeOffset Since, long Views, long RecordsDisplayed, long BlockedRequests, int ActiveBlocks, int Subjects, RedisAnswer Redis,
    IReadOnlyList<ShareAnswer> Concentration);

internal sealed record RedisAnswer(string State, double LagSeconds);

internal sealed record ShareAnswer(string Address, double Share);

internal sealed record BlocksAnswer(IReadOnlyList<BlockAnswer> Items, string? Next);

internal sealed record BlockAnswer(
    string Id, SubjectType Subject, string Value, BlockReach Reach, string Cause, ScrapeGuardMode Mode, DateTimeOffset Since, DateTimeOffset Until, int Views,
    int Records, long Refused, string? Network, string? Country, string Reference, string Explanation);

internal sealed record BlockRequest(SubjectType? Subject, string? Value, string? Duration, string? Reason, BlockReach? Reach);

internal sealed record SubjectsAnswer(IReadOnlyList<SubjectAnswer> Items);

internal sealed record SubjectAnswer(
    string Id, SubjectType Subject, string Value, string Reference, int Views, int Records, int RawViews, int RawRecords, int Displayed,
    IReadOnlyList<LimitAnswer> Limits, BlockAnswer? Block);

internal sealed record LimitAnswer(string Name, int Count, int Max, int Left);

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
