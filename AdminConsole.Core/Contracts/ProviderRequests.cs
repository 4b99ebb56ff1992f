using System.ComponentModel.DataAnnotations;

namespace AdminConsole.Core.Contracts;

/// <summary>Adds a provider, or replaces everything about it except its rules.</summary>
public sealed record ProviderRequest
{
    /// <summary>The id of a new provider, which its redirect URI contains; by default, one is generated. Ignored when a
    /// provider is replaced.</summary>
    public Guid? Id { get; init; }

    /// <summary>The name on the sign-in page, such as <c>Acme</c>.</summary>
    [Required, StringLength(Limits.ProviderName)]
    public string Name { get; init; } = "";

    /// <summary>The issuer: an <c>https</c> URL exactly as the provider's discovery document spells it (OpenID Connect
    /// Discovery 1.0, section 3). It can't change while accounts are linked.</summary>
    [Required, StringLength(Limits.Issuer)]
    public string Issuer { get; init; } = "";

    [Required, StringLength(Limits.ProviderClientId)]
    public string ClientId { get; init; } = "";

    /// <summary>Required for a new provider. When a provider is replaced, omit it to keep the secret.</summary>
    [StringLength(Limits.ProviderSecret)]
    public string? ClientSecret { get; init; }

    /// <summary><c>post</c>, the default, or <c>basic</c>.</summary>
    public string ClientAuthentication { get; init; } = ClientAuthentications.Post;

    /// <summary>The scopes to request, at most 20; <c>openid</c> is always included. Default: <c>openid</c>,
    /// <c>profile</c>, <c>email</c>.</summary>
    [MaxLength(20)]
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The claim with the names or ids of the user's groups; omit it to ignore groups.</summary>
    [StringLength(100)]
    public string? GroupsClaim { get; init; }

    /// <summary>The domains whose emails are accepted, at most 50. Subdomains are not included. Empty: no account is
    /// found by its email.</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? AllowedDomains { get; init; }

    /// <summary>The groups whose members get an account with the admission <c>domains</c>, at most 50.</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? AllowedGroups { get; init; }

    /// <summary><c>existing</c>, the default, <c>invited</c> or <c>domains</c>.</summary>
    public string Admission { get; init; } = Admissions.Existing;

    /// <summary>The values of the <c>amr</c> or <c>acr</c> claim that count as a second factor here, at most 20. Empty,
    /// the default: none.</summary>
    [MaxLength(20)]
    public IReadOnlyList<string>? SecondFactorValues { get; init; }
}

/// <summary>Gives a role to the members of a group.</summary>
/// <param name="Group">The group as the groups claim spells it.</param>
/// <param name="Role">The name of the role.</param>
public sealed record GroupRule(string Group, string Role);

/// <summary>All rules of a provider.</summary>
public sealed record GroupRules
{
    /// <summary><c>adds</c>, the default, or <c>authoritative</c>.</summary>
    public string Mode { get; init; } = RuleModes.Adds;

    /// <summary>At most 200 rules. Callers can only name roles that they may assign.</summary>
    [Required, MaxLength(Limits.GroupRules)]
    public IReadOnlyList<GroupRule> Rules { get; init; } = [];
}

/// <summary>The roles whose users must sign in with an identity provider.</summary>
public sealed record RequiredProviderRoles
{
    [Required, MaxLength(1000)]
    public IReadOnlyList<string> Roles { get; init; } = [];
}
