namespace AdminConsole.Core.Contracts;

/// <summary>The statuses of users: their API values and display names. Each user has exactly one.</summary>
public static class UserStatuses
{
    public const string Active = "active";
    public const string Invited = "invited";
    public const string NoPassword = "no_password";
    public const string PasswordChange = "password_change_required";
    public const string Locked = "locked";
    public const string Deactivated = "deactivated";
    public const string LockedDown = "locked_down";

    /// <summary>The display names of all statuses, in display order.</summary>
    public static readonly IReadOnlyDictionary<string, string> DisplayNames = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Active] = "Active",
        [Invited] = "Invited",
        [NoPassword] = "No password",
        [PasswordChange] = "Password change required",
        [Locked] = "Locked",
        [Deactivated] = "Deactivated",
        [LockedDown] = "Locked down",
    };
}
