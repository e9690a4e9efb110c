using ScrapeGuard.Tool.Replay.Pages;
using ScrapeGuard.Tool.Replay.Reading;

namespace ScrapeGuard.Tool.Replay;

/// <summary>What was asked for on the command line, once it was found to make sense.</summary>
/// <param name="Inputs">What is read.</param>
/// <param name="Bytes">How large all of it is; null where that is not known.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Fields">Which fields tell who asked.</param>
/// <param name="Patterns">Which targets are display pages.</param>
/// <param name="Settings">By which they are judged.</param>
internal sealed record ReplayArguments(
    IReadOnlyList<LogInput> Inputs, long? Bytes, LogFormat Format, SubjectFields Fields, IReadOnlyList<RecordPattern> Patterns,
    ReplaySettings Settings);
