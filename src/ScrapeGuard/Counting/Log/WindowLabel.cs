using System.Buffers.Binary;

namespace ScrapeGuard.Counting.Log;

/// <summary>The label of a window as bytes: count (1), charged views (1), kind (4), length in milliseconds (6), little-endian.</summary>
internal static class WindowLabel
{
    public const int Length = 12;

    public static void Write(Span<byte> label, in Window window)
    {
        label[0] = (byte)window.Count;
        label[1] = (byte)window.Charge;
        BinaryPrimitives.WriteUInt32LittleEndian(label[2..], window.Kind);
        LogTime.Write(label[6..], window.Milliseconds);
    }

    public static Window Read(ReadOnlySpan<byte> label) => new(
        (WindowCount)label[0], LogTime.Read(label[6..]), BinaryPrimitives.ReadUInt32LittleEndian(label[2..]), (WindowCharge)label[1]);
}
