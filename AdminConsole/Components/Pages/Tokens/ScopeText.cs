using AdminConsole.Core.Security;

namespace AdminConsole.Components.Pages.Tokens;

/// <summary>Describes scopes by resource, as a summary and as a sentence.</summary>
internal static class ScopeText
{
    private const string ReadSuffix = ".read";

    private static readonly (string Prefix, string Name, string Read)[] Resources =
    [
        ("users.", "Users", "users"),
        ("roles.", "Roles", "roles"),
        ("sessions.", "Sessions", "sessions"),
        ("tokens.", "Access tokens", "access tokens"),
        ("audit.", "Audit log", "the audit log"),
        ("settings.", "Settings", "settings"),
        ("directory.", "Identity providers", "identity providers"),
        ("profile.", "Profile", "your profile"),
    ];

    private static readonly (string Scope, string Verb)[] Verbs =
    [
        (Permissions.UsersWrite, "manage users"),
        (Permissions.UsersCredentials, "reset credentials"),
        (Permissions.RolesAssign, "assign roles"),
        (Permissions.RolesWrite, "manage roles"),
        (Permissions.SessionsEnd, "end sessions"),
        (Permissions.TokensRevoke, "revoke tokens"),
        (Permissions.TokensIntrospect, "introspect tokens"),
        (Permissions.TokensRotate, "rotate itself"),
        (Permissions.AuditExport, "export the audit log"),
        (Permissions.SettingsWrite, "change settings"),
        (Permissions.DirectoryWrite, "manage identity providers"),
    ];

    /// <summary>Groups the scopes by resource, in display order.</summary>
    public static IEnumerable<(string Resource, IReadOnlyList<string> Scopes)> ByResource(IReadOnlySet<string> scopes) =>
        Resources
            .Select(resource =>
                (
                    resource.Name,
                    Scopes: (IReadOnlyList<string>)
                        [.. InOrder(scopes).Where(scope => scope.StartsWith(resource.Prefix, StringComparison.Ordinal))]
                )
            )
            .Where(group => group.Scopes.Count > 0);

    /// <summary>Returns the scopes that only read.</summary>
    public static IEnumerable<string> ReadOnly(IEnumerable<string> scopes) =>
        scopes.Where(scope => scope.EndsWith(ReadSuffix, StringComparison.Ordinal));

    /// <summary>True if the scopes include all permissions.</summary>
    public static bool IsFullAccess(IReadOnlyCollection<string> scopes) => Permissions.All.IsSubsetOf(scopes);

    /// <summary>Summarizes scopes: "3 scopes", the only scope itself, or "Full access".</summary>
    public static string Summary(IReadOnlyList<string> scopes) =>
        IsFullAccess(scopes) ? "Full access"
        : scopes.Count == 1 ? scopes[0]
        : $"{scopes.Count} scopes";

    /// <summary>Describes scopes in a sentence: "This token can read users and the audit log, and end
    /// sessions."</summary>
    public static string Sentence(IReadOnlySet<string> scopes)
    {
        if (scopes.Count == 0)
        {
            return "Select at least one scope.";
        }

        var read = Resources.Where(resource => scopes.Contains(resource.Prefix + "read")).Select(resource => resource.Read).ToList();
        string[] abilities =
        [
            .. read.Count == 0 ? (string[])[] : [$"read {List(read)}"],
            .. Verbs.Where(verb => scopes.Contains(verb.Scope)).Select(verb => verb.Verb),
        ];
        // With a list inside the list, a comma sets the last ability apart.
        var list = abilities.Length > 1 && read.Count > 1 ? $"{string.Join(", ", abilities[..^1])}, and {abilities[^1]}" : List(abilities);
        return $"This token can {list}.";
    }

    /// <summary>Lists the scopes with their descriptions, one per line.</summary>
    public static string Lines(IEnumerable<string> scopes) =>
        string.Join('\n', InOrder(scopes.ToHashSet()).Select(scope => $"{scope}: {Permissions.Descriptions[scope]}"));

    public static IEnumerable<string> InOrder(IReadOnlySet<string> scopes) => Permissions.Descriptions.Keys.Where(scopes.Contains);

    private static string List(IReadOnlyList<string> parts) =>
        parts.Count < 2 ? parts[0] : $"{string.Join(", ", parts.Take(parts.Count - 1))} and {parts[^1]}";
}
