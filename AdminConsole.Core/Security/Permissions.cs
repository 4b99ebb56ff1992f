namespace AdminConsole.Core.Security;

/// <summary>The permissions. The same string names the permission, the authorization policy and the token
/// scope.</summary>
public static class Permissions
{
    public const string UsersRead = "users.read";
    public const string UsersWrite = "users.write";
    public const string UsersCredentials = "users.credentials";
    public const string RolesRead = "roles.read";
    public const string RolesAssign = "roles.assign";
    public const string RolesWrite = "roles.write";
    public const string SessionsRead = "sessions.read";
    public const string SessionsEnd = "sessions.end";
    public const string TokensRead = "tokens.read";
    public const string TokensRevoke = "tokens.revoke";
    public const string TokensIntrospect = "tokens.introspect";
    public const string TokensRotate = "tokens.rotate";
    public const string AuditRead = "audit.read";
    public const string AuditExport = "audit.export";
    public const string SettingsWrite = "settings.write";
    public const string DirectoryWrite = "directory.write";
    public const string ProfileRead = "profile.read";

    /// <summary>The descriptions of all permissions, in display order.</summary>
    public static readonly IReadOnlyDictionary<string, string> Descriptions = new Dictionary<string, string>
    {
        [UsersRead] = "View users and their roles",
        [UsersWrite] = "Create, edit, activate, deactivate and delete users",
        [UsersCredentials] = "Reset passwords and two-factor authentication, change emails and usernames",
        [RolesRead] = "View roles and their permissions",
        [RolesAssign] = "Assign and remove roles",
        [RolesWrite] = "Create, edit and delete roles",
        [SessionsRead] = "View all sessions",
        [SessionsEnd] = "End any session",
        [TokensRead] = "View all access tokens",
        [TokensRevoke] = "Revoke any access token",
        [TokensIntrospect] = "Introspect any access token (for services)",
        [TokensRotate] = "Let a token rotate itself",
        [AuditRead] = "View the audit log",
        [AuditExport] = "Export the audit log",
        [SettingsWrite] = "Change settings and view system health",
        [DirectoryWrite] = "Change identity providers and who must use them",
        [ProfileRead] = "View own profile",
    };

    public static readonly IReadOnlySet<string> All = Descriptions.Keys.ToHashSet();

    /// <summary>The permissions for the user's own account, which every account has.</summary>
    public static readonly IReadOnlySet<string> Own = new HashSet<string> { ProfileRead, TokensRotate };

    /// <summary>The permissions with which a user can take over accounts or the console. Assigning or removing them
    /// requires a confirmation.</summary>
    public static readonly IReadOnlySet<string> Privileged = new HashSet<string>
    {
        UsersWrite,
        UsersCredentials,
        RolesRead,
        RolesAssign,
        RolesWrite,
        SettingsWrite,
        DirectoryWrite,
    };
}
