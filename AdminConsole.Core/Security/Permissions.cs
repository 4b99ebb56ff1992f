namespace AdminConsole.Core.Security;

/// <summary>Every right there is. One string is the permission, the authorization policy and the token scope.</summary>
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
    public const string ProfileRead = "profile.read";

    /// <summary>Each permission with what it lets its holder do, in the order people see them.</summary>
    public static readonly IReadOnlyDictionary<string, string> Descriptions = new Dictionary<string, string>
    {
        [UsersRead] = "See users and their roles",
        [UsersWrite] = "Create, edit, activate, deactivate and delete users",
        [UsersCredentials] = "Reset passwords and second factors, change emails and usernames",
        [RolesRead] = "See roles and what they allow",
        [RolesAssign] = "Give roles to users and take them away",
        [RolesWrite] = "Create, edit and delete roles",
        [SessionsRead] = "See everybody's sessions",
        [SessionsEnd] = "End anybody's sessions",
        [TokensRead] = "See everybody's access tokens",
        [TokensRevoke] = "Revoke anybody's access tokens",
        [TokensIntrospect] = "Introspect any token (for services)",
        [TokensRotate] = "Let a token rotate itself",
        [AuditRead] = "Read the audit log",
        [AuditExport] = "Export the audit log",
        [SettingsWrite] = "Change the settings",
        [ProfileRead] = "See one's own account",
    };

    public static readonly IReadOnlySet<string> All = Descriptions.Keys.ToHashSet();

    /// <summary>True for permissions with which a person can change other accounts, roles or settings.</summary>
    public static bool IsPrivileged(string permission) =>
        permission is UsersWrite or UsersCredentials or SettingsWrite || permission.StartsWith("roles.", StringComparison.Ordinal);

    /// <summary>Rights over one's own account, which everybody holds.</summary>
    public static readonly IReadOnlySet<string> Own = new HashSet<string> { ProfileRead, TokensRotate };
}
