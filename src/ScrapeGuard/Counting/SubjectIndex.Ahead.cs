using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ScrapeGuard.Counting;

/// <summary>What a reader will look at, fetched ahead while there is something else to do.</summary>
internal sealed partial class SubjectIndex
{
    // In words, the last field that a reader looks at; in bytes, where elements of an array begin. What is fetched ahead is worth nothing if this is wrong, and does no harm.
    private const int LastField = 3;
    private static readonly int FirstElement = 2 * IntPtr.Size;

    /// <summary>Has the place where a subject is looked for brought nearer.</summary>
    public unsafe void Prefetch(in SubjectKey subject)
    {
        if (!Sse.IsSupported)
            return;
        var home = Home(subject, Volatile.Read(ref length));
        Sse.Prefetch0((byte*)AddressOf(tags) + FirstElement + home);
        Sse.Prefetch0((byte*)AddressOf(blocks) + FirstElement + ((long)home * IntPtr.Size));
    }

    /// <summary>Has an index brought nearer without a look at it, which would wait for it.</summary>
    public static unsafe void Prefetch(SubjectIndex index)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0((byte*)AddressOf(index) + IntPtr.Size);
        Sse.Prefetch0((byte*)AddressOf(index) + (LastField * IntPtr.Size));
    }

    // Where an object is said to lie, without a look at it. It may have moved on by then: whatever is brought nearer is only not the right thing.
    private static unsafe void* AddressOf(object instance) => (void*)Unsafe.As<object, nint>(ref instance);
}
