using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Identity;

/// <summary>A bucket that failed sign-ins are counted in. There is one per account, one per account and known browser,
/// and a set of decoys that unknown names share. The row exists to be locked while its failures are counted.</summary>
public sealed class FailedAttemptBucket
{
    /// <summary>The user's id, a hash of user and browser, or the id of a decoy.</summary>
    public required Guid Id { get; init; }

    /// <summary>The user whose sign-ins are counted; null for decoys.</summary>
    public required Guid? UserId { get; init; }

    public required DateTimeOffset TouchedAt { get; init; }
}

/// <summary>A sign-in that failed, or one in progress that counts as failed until it succeeds.</summary>
public sealed class FailedSignInAttempt
{
    public required Guid Id { get; init; }

    public required Guid BudgetId { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>An attempt that was counted as failed before the credentials were checked.</summary>
/// <param name="BudgetId">The <see cref="FailedAttemptBucket"/> that the attempt is counted in.</param>
/// <param name="FailureId">The reserved <see cref="FailedSignInAttempt"/>, which is deleted if the sign-in
/// succeeds.</param>
/// <param name="IsGranted">False if the limit is reached or the account is locked. The credentials must not be accepted
/// then.</param>
/// <param name="IsKnownBrowser">True if the browser signed in to the account before, and therefore has a separate
/// bucket.</param>
/// <param name="IsLast">True if this attempt reached the limit.</param>
public sealed record AttemptReservation(Guid BudgetId, Guid FailureId, bool IsGranted, bool IsKnownBrowser, bool IsLast);

internal sealed class FailedAttemptBucketConfiguration : IEntityTypeConfiguration<FailedAttemptBucket>
{
    public void Configure(EntityTypeBuilder<FailedAttemptBucket> builder)
    {
        builder.ToTable("SignInBudgets");
        builder.Property(budget => budget.Id).ValueGeneratedNever();
        builder.HasIndex(budget => budget.UserId);
    }
}

internal sealed class FailedSignInAttemptConfiguration : IEntityTypeConfiguration<FailedSignInAttempt>
{
    public void Configure(EntityTypeBuilder<FailedSignInAttempt> builder)
    {
        builder.ToTable("SignInFailures");
        builder.HasIndex(failure => new { failure.BudgetId, failure.At });
    }
}
