namespace ScrapeGuard.Counting;

/// <summary>The counts that nodes share. Never throws and never takes longer than its timeout: what cannot be had is null.</summary>
internal interface ISharedSubjects
{
    /// <summary>Reserves for all subjects at once and answers in their order; null where the shared count could not be had in time.</summary>
    ValueTask<SubjectReading?[]> ReserveAsync(IReadOnlyList<SubjectReservation> reservations);

    /// <summary>Sends the outcome without waiting.</summary>
    void Settle(SubjectReservation reservation, Settlement settlement);

    /// <summary>Grants the allowance of a completed step-up; null where it could not be shared in time.</summary>
    ValueTask<bool?> GrantAsync(SubjectKey subject, StepUpOptions stepUp);

    ValueTask ForgetAsync(SubjectKey subject);
}
