namespace AdminConsole.Core.Contracts;

/// <summary>The accounts that a provider may sign in, besides those that are already linked to it.</summary>
public static class Admissions
{
    /// <summary>Accounts in use that have the same verified email, and no permission beyond the role User.</summary>
    public const string Existing = "existing";

    /// <summary>Also accounts with an open invitation. Signing in accepts it.</summary>
    public const string Invited = "invited";

    /// <summary>Also new users with an email of an allowed domain, or in an allowed group. Their account is
    /// created.</summary>
    public const string Domains = "domains";

    public static readonly IReadOnlyList<string> All = [Existing, Invited, Domains];
}

/// <summary>The effect of group rules on roles that a user has, but whose group the user is not in.</summary>
public static class RuleModes
{
    /// <summary>Rules only add roles.</summary>
    public const string Adds = "adds";

    /// <summary>The roles that rules name are removed at the next sign-in when the user is in none of their
    /// groups.</summary>
    public const string Authoritative = "authoritative";

    public static readonly IReadOnlyList<string> All = [Adds, Authoritative];
}

/// <summary>The ways in which the console authenticates to a provider's token endpoint (RFC 6749, section
/// 2.3.1).</summary>
public static class ClientAuthentications
{
    /// <summary>The secret in the body of the request.</summary>
    public const string Post = "post";

    /// <summary>The secret in an Authorization header.</summary>
    public const string Basic = "basic";

    public static readonly IReadOnlyList<string> All = [Post, Basic];
}

/// <summary>An OpenID Connect provider. Its client secret is never part of a response.</summary>
public sealed record ProviderDetails
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Issuer { get; init; }
    public required string ClientId { get; init; }
    public required string ClientAuthentication { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }
    public required string? GroupsClaim { get; init; }
    public required IReadOnlyList<string> AllowedDomains { get; init; }
    public required IReadOnlyList<string> AllowedGroups { get; init; }
    public required string Admission { get; init; }
    public required IReadOnlyList<string> SecondFactorValues { get; init; }
    public required string RuleMode { get; init; }

    /// <summary>The number of group rules.</summary>
    public required int Rules { get; init; }

    /// <summary>The number of accounts linked to the provider.</summary>
    public required int Users { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>The result of fetching a provider's discovery document and keys.</summary>
/// <param name="Ok">True if users can sign in, as far as this can be checked without a sign-in.</param>
/// <param name="Problem">Why they can't, in one sentence; null if they can.</param>
/// <param name="AuthorizationEndpoint">Where browsers are sent; null if the document could not be read.</param>
/// <param name="Keys">The number of signing keys with an accepted algorithm.</param>
/// <param name="RedirectUri">The redirect URI to register with the provider.</param>
/// <param name="BackChannelLogoutUri">The back-channel logout URI to register with the provider.</param>
/// <param name="SignInUri">Where a browser starts a sign-in.</param>
public sealed record ProviderCheck(
    bool Ok,
    string? Problem,
    string? AuthorizationEndpoint,
    int Keys,
    string RedirectUri,
    string BackChannelLogoutUri,
    string SignInUri
);

/// <summary>The users affected if these roles required an identity provider.</summary>
/// <param name="Users">The number of active users with one of the roles.</param>
/// <param name="WithoutProvider">The number of those users, except break-glass accounts, who are not linked to a
/// provider. They can sign in only if the provider can link their account by email.</param>
/// <param name="BreakGlass">The number of those users who are exempt, because they are break-glass accounts.</param>
/// <param name="IncludesYou">True if the caller would be affected.</param>
public sealed record RequiredProviderImpact(int Users, int WithoutProvider, int BreakGlass, bool IncludesYou);
