namespace AdminConsole.Core.Contracts;

/// <summary>The statuses of users, by the names of the API and in words. Each user has one.</summary>
public static class UserStatuses
{
    public const string Active = "active";
    public const string Invited = "invited";
    public const string NoPassword = "no_password";
    public const string PasswordChange = "password_change_required";
    public const string Locked = "locked";
    public const string Deactivated = "deactivated";
    public const string LockedDown = "locked_down";

    /// <summary>Every status, in the order people see them, with its words.</summary>
    public static readonly IReadOnlyDictionary<string, string> Words = new Dictionary<string, string>(StringComparer.Ordinal)
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
