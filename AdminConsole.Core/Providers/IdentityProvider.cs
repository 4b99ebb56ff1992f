using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Providers;

/// <summary>An OpenID Connect provider that users sign in with. Accounts are linked to its id and the provider's id of
/// the user (<c>sub</c>), so the issuer can't change while there are links.</summary>
public sealed class IdentityProvider
{
    public Guid Id { get; private init; }

    public string Name { get; private set; } = "";

    public string NormalizedName { get; private set; } = "";

    public string Issuer { get; private set; } = "";

    public string ClientId { get; private set; } = "";

    /// <summary>The client secret, encrypted with the data protection key ring.</summary>
    public string ProtectedSecret { get; private set; } = "";

    public string ClientAuthentication { get; private set; } = ClientAuthentications.Post;

    public List<string> Scopes { get; private set; } = [];

    public string? GroupsClaim { get; private set; }

    public List<string> AllowedDomains { get; private set; } = [];

    public List<string> AllowedGroups { get; private set; } = [];

    public string Admission { get; private set; } = Admissions.Existing;

    /// <summary>The values of <c>amr</c> or <c>acr</c> that count as a second factor.</summary>
    public List<string> SecondFactorValues { get; private set; } = [];

    public string RuleMode { get; private set; } = RuleModes.Adds;

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The value that links an account to this provider in Identity's table of external logins.</summary>
    public string LoginProvider => LoginProviderOf(Id);

    public static string LoginProviderOf(Guid id) => id.ToString();

    /// <summary>Creates a provider without rules. The request has been checked.</summary>
    public static IdentityProvider Create(Guid id, ProviderRequest request, string protectedSecret, DateTimeOffset now)
    {
        var provider = new IdentityProvider { Id = id, CreatedAt = now };
        provider.Change(request, protectedSecret, now);
        return provider;
    }

    /// <summary>Replaces everything but the rules. The request has been checked; a null secret keeps the current
    /// one.</summary>
    public void Change(ProviderRequest request, string? protectedSecret, DateTimeOffset now)
    {
        (Name, NormalizedName) = (request.Name, UnicodeText.Fold(request.Name));
        (Issuer, ClientId, ClientAuthentication) = (request.Issuer, request.ClientId, request.ClientAuthentication);
        ProtectedSecret = protectedSecret ?? ProtectedSecret;
        Scopes = [.. request.Scopes!];
        GroupsClaim = request.GroupsClaim;
        (AllowedDomains, AllowedGroups) = ([.. request.AllowedDomains!], [.. request.AllowedGroups!]);
        (Admission, SecondFactorValues) = (request.Admission, [.. request.SecondFactorValues!]);
        UpdatedAt = now;
    }

    /// <summary>Sets the effect of the rules. Also call it after changing the rules themselves.</summary>
    public void ChangeRules(string mode, DateTimeOffset now)
    {
        RuleMode = mode;
        UpdatedAt = now;
    }

    public AuditTarget AsTarget() => new(AuditTargetTypes.Provider, Id.ToString(), Name);
}

internal sealed class IdentityProviderConfiguration : IEntityTypeConfiguration<IdentityProvider>
{
    public void Configure(EntityTypeBuilder<IdentityProvider> builder)
    {
        builder.ToTable("IdentityProviders");
        builder.Property(provider => provider.Id).ValueGeneratedNever();
        builder.Ignore(provider => provider.LoginProvider);
        builder.Property(provider => provider.Name).HasMaxLength(Limits.ProviderName);
        builder.Property(provider => provider.Issuer).HasMaxLength(Limits.Issuer);
        builder.Property(provider => provider.ClientId).HasMaxLength(Limits.ProviderClientId);
        builder.Property(provider => provider.Scopes).IsJsonList();
        builder.Property(provider => provider.AllowedDomains).IsJsonList();
        builder.Property(provider => provider.AllowedGroups).IsJsonList();
        builder.Property(provider => provider.SecondFactorValues).IsJsonList();
        builder.HasIndex(provider => provider.NormalizedName).IsUnique();
        builder.HasIndex(provider => provider.Issuer).IsUnique();
        // When two administrators save at once, the second attempt is repeated on the saved row.
        builder.Property(provider => provider.UpdatedAt).IsConcurrencyToken();
    }
}
