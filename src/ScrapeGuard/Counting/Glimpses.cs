using System.Runtime.CompilerServices;

namespace ScrapeGuard.Counting;

/// <summary>The subjects of a view as they were seen, by their types.</summary>
[InlineArray(3)]
internal struct Glimpses
{
    private SubjectGlimpse first;
}
