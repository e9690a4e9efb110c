using ScrapeGuard.Detection;

namespace ScrapeGuard.Counting;

/// <summary>The counts that nodes share. Never throws and never takes longer than it is given: what cannot be had is null.</summary>
internal interface ISharedSubjects
{
    /// <summary>Reserves for all subjects at once and answers in their order; null where the shared count could not be had in time.</summary>
    /// <param name="reservations">One per subject of the view.</param>
    /// <param name="patience">The longest to wait.</param>
    ValueTask<SubjectReading?[]> ReserveAsync(IReadOnlyList<SubjectReservation> reservations, TimeSpan patience);

    /// <summary>Sends the outcome without waiting.</summary>
    void Settle(SubjectReservation reservation, Settlement settlement);

    /// <summary>What all nodes together know of a subject; null where it could not be had in time.</summary>
    ValueTask<SubjectReading?> ReadAsync(SubjectKey subject, WindowSet windows);

    /// <summary>Grants the allowance of a completed step-up to each of these; null where it could not be shared in time.</summary>
    ValueTask<bool?[]> GrantAsync(IReadOnlyList<SubjectKey> subjects, LimitSet limits, StepUpOptions stepUp);

    /// <summary>Clears the evidence against a subject; false where it could not be cleared in time.</summary>
    ValueTask<bool> ForgetAsync(SubjectKey subject);
}
