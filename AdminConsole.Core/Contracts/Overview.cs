namespace AdminConsole.Core.Contracts;

/// <summary>How things stand, at a glance.</summary>
public sealed record OverviewFigures(
    long ActiveUsers,
    long InactiveUsers,
    long LockedUsers,
    long Administrators,
    long LiveSessions,
    long TokensExpiring,
    IReadOnlyList<SignInHour> SignIns);

/// <summary>Sign-ins of one hour, beginning at <c>From</c>.</summary>
public sealed record SignInHour(DateTimeOffset From, int Succeeded, int Failed);
