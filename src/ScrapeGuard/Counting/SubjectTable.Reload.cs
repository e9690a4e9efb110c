namespace ScrapeGuard.Counting;

/// <summary>What becomes of a subject when the settings have changed.</summary>
internal sealed partial class SubjectTable
{
    /// <summary>After a reload: windows of the same label go on, others begin empty.</summary>
    private static byte[] Relabel(SubjectShard shard, byte[] bytes, WindowSet before, WindowSet windows)
    {
        var old = new SubjectBlock(bytes);
        var moved = shard.Resize(bytes, Move(old.Windows.Held), old.Head.Capacity, old.IsWide);
        var block = new SubjectBlock(moved);
        for (var index = 0; index < windows.Count; index++)
        {
            if (before.IndexOf(windows[index]) is >= 0 and var from && !block.Windows[index].IsAbsent)
                old.Windows[from].CopyTo(block.Windows[index]);
        }

        block.Head.Layout = windows.Id;
        block.Head.Turn(0, 0);
        block.Head.Flags &= ~(SubjectFlags.IsCalm | SubjectFlags.IsWary);
        block.Relabel(Move);
        for (var number = block.Head.Flight; number != 0; number = shard.Flights[number].Next)
            shard.Flights[number].Relabel(Move);
        for (var number = block.Head.Unsent; number != 0; number = shard.Unsent[number].Next)
            shard.Unsent[number].Charge = Move(shard.Unsent[number].Charge);
        shard.Return(bytes);
        return moved;

        uint Move(uint bits)
        {
            var result = 0u;
            for (var index = 0; index < windows.Count; index++)
            {
                if (before.IndexOf(windows[index]) is >= 0 and var from && (bits & (1u << from)) != 0)
                    result |= 1u << index;
            }

            return result;
        }
    }

    /// <summary>Counts the revisits that are noted in the windows there were.</summary>
    private byte[] CountPending(SubjectShard shard, byte[] block, WindowSet before, long now)
    {
        if (new SubjectBlock(block).Head.Pending == 0)
            return block;
        var state = new SubjectState(shard, block, before, IsShared, now);
        state.CountPending();
        return shard.Find(state.Block.Key)!;
    }
}
