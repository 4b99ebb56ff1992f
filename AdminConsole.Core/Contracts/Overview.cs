namespace AdminConsole.Core.Contracts;

/// <summary>The figures of the first page.</summary>
/// <param name="ActiveUsers">Users who aren't deactivated.</param>
/// <param name="NewUsers">Users created in the last 7 days.</param>
/// <param name="InactiveUsers">Deactivated users.</param>
/// <param name="LockedUsers">Active users locked after failed sign-ins, as <c>status=locked</c> finds them.</param>
/// <param name="Administrators">Active holders of the role Admin.</param>
/// <param name="LiveSessions">Sessions that haven't expired.</param>
/// <param name="TokensExpiring">Access tokens that expire within 7 days.</param>
/// <param name="FailedSignIns">Failed sign-ins of the last 24 hours.</param>
/// <param name="FailedSignInsBefore">Failed sign-ins of the 24 hours before.</param>
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

/// <summary>Sign-ins of an hour or a day.</summary>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends; not part of it.</param>
/// <param name="Succeeded">Successful sign-ins.</param>
/// <param name="Failed">Failed sign-ins.</param>
public sealed record SignInCount(DateTimeOffset From, DateTimeOffset To, long Succeeded, long Failed);

/// <summary>How many things need someone to act.</summary>
/// <param name="LockedUsers">Active users locked after failed sign-ins.</param>
/// <param name="TokensExpiring">Access tokens that expire within 7 days.</param>
/// <param name="FailedMails">Mails that aren't tried again by themselves.</param>
public sealed record AttentionCounts(long LockedUsers, long TokensExpiring, long FailedMails);
