using System.Buffers.Binary;
using System.Numerics;

namespace ScrapeGuard.Counting.Log;

/// <summary>Which windows an event is charged to, told so that nodes with different settings understand it alike.</summary>
internal readonly ref struct LogCharge(ChargeForm form, uint kind, ReadOnlySpan<byte> labels = default)
{
    public ChargeForm Form { get; } = form;

    /// <summary>A hash of the kind of record; 0 where there is none.</summary>
    public uint Kind { get; } = kind;

    /// <summary>The hashes of the labels listed, four bytes each, little-endian; empty unless the form is <see cref="ChargeForm.Listed"/>.</summary>
    public ReadOnlySpan<byte> Labels { get; } = labels;

    /// <summary>How many bytes it takes in an event.</summary>
    public int Length => IsListed ? 6 + Labels.Length : 5;

    public bool IsListed => (Form & ChargeForm.Regular) == ChargeForm.Listed;

    /// <summary>The hash by which a label is listed: FNV-1a (Fowler, Noll, Vo) over its bytes.</summary>
    public static uint HashOf(ReadOnlySpan<byte> label)
    {
        var hash = 2166136261;
        foreach (var value in label)
            hash = (hash ^ value) * 16777619;
        return hash;
    }

    public static uint HashOf(in Window window)
    {
        Span<byte> label = stackalloc byte[WindowLabel.Length];
        WindowLabel.Write(label, window);
        return HashOf(label);
    }

    /// <summary>The hashes of these windows as <see cref="Labels"/> holds them.</summary>
    public static byte[] LabelsOf(ReadOnlySpan<Window> windows)
    {
        var labels = new byte[windows.Length * sizeof(uint)];
        for (var index = 0; index < windows.Length; index++)
            BinaryPrimitives.WriteUInt32LittleEndian(labels.AsSpan(index * sizeof(uint)), HashOf(windows[index]));
        return labels;
    }

    /// <summary>Bits of this node's windows as every node understands them.</summary>
    /// <param name="windows">The windows of this node.</param>
    /// <param name="bits">Those that are charged.</param>
    /// <param name="kind">The kind of record.</param>
    /// <param name="among">The windows that the event means anything to.</param>
    public static LogCharge Of(WindowSet windows, uint bits, uint kind, uint among)
    {
        var ofKind = windows.OfKind(kind) & among;
        bits &= among;
        var signals = SignalsOf(windows, bits);
        bits &= windows.Regular;
        if (bits == ofKind)
            return new LogCharge(ChargeForm.Every | signals, kind);
        if (bits == (windows.ChargingAll & ofKind))
            return new LogCharge(ChargeForm.AllViews | signals, kind);
        var listed = new Window[BitOperations.PopCount(bits)];
        for (var place = 0; bits != 0; bits &= bits - 1)
            listed[place++] = windows[BitOperations.TrailingZeroCount(bits)];
        return new LogCharge(ChargeForm.Listed | signals, kind, LabelsOf(listed));
    }

    /// <summary>Whether a window is charged. What an address is shown but never judged by counts every view, charged or not.</summary>
    public bool Charges(in Window window)
    {
        if (window.Count is WindowCount.RawViews or WindowCount.RawRecords)
            return true;
        if (window.Kind != 0 && window.Kind != Kind)
            return false;
        if (SignalOf(window.Charge) is not ChargeForm.Every and var signal)
            return (Form & signal) != 0;
        return (Form & ChargeForm.Regular) switch
        {
            ChargeForm.Every => true,
            ChargeForm.AllViews => window.Charge == WindowCharge.All,
            _ => Lists(HashOf(window)),
        };
    }

    /// <summary>The windows of a set that are charged, a bit each.</summary>
    public uint MaskOf(WindowSet windows)
    {
        var bits = 0u;
        if (IsListed)
        {
            for (var index = 0; index < windows.Count; index++)
                bits |= Charges(windows[index]) ? 1u << index : 0;
            return bits;
        }

        var ofKind = windows.OfKind(Kind);
        bits = (Form & ChargeForm.Regular) == ChargeForm.Every ? ofKind : ofKind & windows.ChargingAll;
        return bits | Mask(ChargeForm.Anonymous, windows.Anonymous) | Mask(ChargeForm.Warned, windows.Warned)
            | Mask(ChargeForm.Newcomers, windows.Newcomers) | Mask(ChargeForm.Swept, windows.Swept);
    }

    private uint Mask(ChargeForm signal, uint windows) => (Form & signal) != 0 ? windows : 0;

    private static ChargeForm SignalsOf(WindowSet windows, uint bits) =>
        ((bits & windows.Anonymous) != 0 ? ChargeForm.Anonymous : 0) | ((bits & windows.Warned) != 0 ? ChargeForm.Warned : 0)
        | ((bits & windows.Newcomers) != 0 ? ChargeForm.Newcomers : 0) | ((bits & windows.Swept) != 0 ? ChargeForm.Swept : 0);

    private static ChargeForm SignalOf(WindowCharge charge) => charge switch
    {
        WindowCharge.Anonymous => ChargeForm.Anonymous,
        WindowCharge.Warned => ChargeForm.Warned,
        WindowCharge.Newcomers => ChargeForm.Newcomers,
        WindowCharge.Swept => ChargeForm.Swept,
        _ => ChargeForm.Every,
    };

    private bool Lists(uint label)
    {
        for (var index = 0; index < Labels.Length; index += sizeof(uint))
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(Labels[index..]) == label)
                return true;
        }

        return false;
    }
}
