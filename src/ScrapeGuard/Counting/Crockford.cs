namespace ScrapeGuard.Counting;

/// <summary>Base 32 without letters that are mistaken for digits (Douglas Crockford's alphabet).</summary>
internal static class Crockford
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Forty bits as <c>XXXX-XXXX</c>.</summary>
    public static string Format(ulong bits) => string.Create(9, bits, static (text, bits) =>
    {
        for (var position = 8; position >= 0; position--)
        {
            if (position == 4)
            {
                text[position] = '-';
                continue;
            }

            text[position] = Alphabet[(int)(bits & 31)];
            bits >>= 5;
        }
    });
}
