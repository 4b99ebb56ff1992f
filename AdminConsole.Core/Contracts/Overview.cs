namespace AdminConsole.Core.Contracts;

/// <summary>The figures on the overview page.</summary>
/// <param name="ActiveUsers">Users who are not deactivated.</param>
/// <param name="NewUsers">Users created in the last 7 days.</param>
/// <param name="InactiveUsers">Deactivated users.</param>
/// <param name="LockedUsers">Active users locked after failed sign-ins, as filtered by <c>status=locked</c>.</param>
/// <param name="Administrators">Active users with the role Admin.</param>
/// <param name="LiveSessions">Sessions that have not expired.</param>
/// <param name="TokensExpiring">Access tokens that expire within 7 days.</param>
/// <param name="FailedSignIns">Failed sign-ins in the last 24 hours.</param>
/// <param name="FailedSignInsBefore">Failed sign-ins in the 24 hours before that.</param>
public sealed record OverviewFigures(
    long ActiveUsers,
    long NewUsers,
    long InactiveUsers,
    long LockedUsers,
    long Administrators,
    long LiveSessions,
    long TokensExpiring,
    long FailedSignIns,
    long FailedSignInsBefore
);

/// <summary>The sign-ins of an hour or a day.</summary>
/// <param name="From">The start of the period.</param>
/// <param name="To">The end of the period (exclusive).</param>
/// <param name="Succeeded">Successful sign-ins.</param>
/// <param name="Failed">Failed sign-ins.</param>
public sealed record SignInCount(DateTimeOffset From, DateTimeOffset To, long Succeeded, long Failed);

/// <summary>The numbers of items that need attention.</summary>
/// <param name="LockedUsers">Active users locked after failed sign-ins.</param>
/// <param name="TokensExpiring">Access tokens that expire within 7 days.</param>
/// <param name="FailedMails">Emails that are no longer retried automatically.</param>
public sealed record AttentionCounts(long LockedUsers, long TokensExpiring, long FailedMails);
