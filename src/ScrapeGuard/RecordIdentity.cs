namespace ScrapeGuard;

/// <summary>When two spellings of a record id name the same record.</summary>
public enum RecordIdentity
{
    /// <summary>
    /// Digits, after trimming white space and one sign <c>+</c>, lose leading zeros (<c>00042</c>, <c>+42</c> and <c> 42</c> are record 42);
    /// a GUID becomes its <c>D</c> form; anything else is compared character by character. The default.
    /// </summary>
    Canonical,

    /// <summary>The decoded text as it is: <c>00042</c> and <c>42</c> are two records.</summary>
    Text,
}
