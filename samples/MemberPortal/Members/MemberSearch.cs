namespace MemberPortal.Members;

/// <summary>What a professional searches by.</summary>
public sealed record MemberSearch(string? Name = null, DateOnly? BirthDate = null);
