namespace BreachReplay;

/// <summary>The replay cannot go on; the message is one sentence for the person who started it.</summary>
internal sealed class ReplayException(string message, Exception? cause = null) : Exception(message, cause);
