namespace AdminConsole.Core.Authentication;

/// <summary>
/// What failed sign-ins are counted against: an account as strangers see it, the same account as one browser that
/// signed in to it before sees it, or
/// one of the decoys that unknown names share. The row is there to be locked.
/// </summary>
public sealed class FailedAttemptBucket
{
    /// <summary>The user's id, or one made of user and browser, or a decoy's.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose account it is; null for decoys.</summary>
    public required Guid? UserId { get; init; }

    public required DateTimeOffset TouchedAt { get; init; }
}

/// <summary>A sign-in that failed, or is under way and would have.</summary>
public sealed class FailedSignInAttempt
{
    public required Guid Id { get; init; }

    public required Guid BudgetId { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A failure that was counted before it happened.</summary>
/// <param name="BudgetId">What it counts against.</param>
/// <param name="FailureId">The failure, to be taken back when it did not happen.</param>
/// <param name="IsGranted">False where the budget is used up or the account is locked: then nothing that was given may
/// count as right.</param>
/// <param name="IsKnownBrowser">True where the browser signed in to the account before, and so has a budget of its
/// own.</param>
/// <param name="IsLast">True where it used up the budget.</param>
public sealed record AttemptReservation(Guid BudgetId, Guid FailureId, bool IsGranted, bool IsKnownBrowser, bool IsLast);
