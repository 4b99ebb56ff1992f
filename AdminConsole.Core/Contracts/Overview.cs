namespace AdminConsole.Core.Contracts;

/// <summary>The figures of the first page.</summary>
/// <param name="ActiveUsers">Users who aren't deactivated.</param>
/// <param name="NewUsers">Users created in the last 7 days.</param>
/// <param name="InactiveUsers">Deactivated users.</param>
/// <param name="LockedUsers">Users locked after failed sign-ins.</param>
/// <param name="Administrators">Active holders of the role Admin.</param>
/// <param name="LiveSessions">Sessions that haven't expired.</param>
/// <param name="TokensExpiring">Access tokens that expire within 7 days.</param>
/// <param name="SignIns">The last 24 hours, the oldest first.</param>
public sealed record OverviewFigures(
    long ActiveUsers,
    long NewUsers,
    long InactiveUsers,
    long LockedUsers,
    long Administrators,
    long LiveSessions,
    long TokensExpiring,
    IReadOnlyList<SignInHour> SignIns);

/// <summary>Sign-ins of one hour, beginning at <c>From</c>.</summary>
public sealed record SignInHour(DateTimeOffset From, int Succeeded, int Failed);
