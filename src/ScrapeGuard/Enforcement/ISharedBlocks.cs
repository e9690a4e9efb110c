namespace ScrapeGuard.Enforcement;

/// <summary>The blocks that nodes share.</summary>
internal interface ISharedBlocks
{
    /// <summary>Whether the blocks of the other nodes are known here, or are waited for no longer.</summary>
    bool IsRead { get; }

    /// <summary>Waits until they are, at most as long as a view may wait for Redis; the first wait in vain is the last.</summary>
    ValueTask WhenReadAsync();
}
