using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Providers;

/// <summary>The identity providers. Every operation requires directory.write, changes also a recent sign-in.</summary>
public sealed class IdentityProviders(AppDbContext db, ProviderSecrets secrets, IssuerPolicy issuers, TimeProvider clock)
{
    internal static readonly Refusal NoSuchProvider = Refusal.NotFound("No such identity provider.");

    public async Task<Result<Page<ProviderDetails>>> ListAsync(Actor actor, PageQuery page, CancellationToken ct)
    {
        if (actor.Require(Permissions.DirectoryWrite) is { } refused)
        {
            return refused;
        }

        var providers = await db.IdentityProviders.AsNoTracking().OrderBy(provider => provider.NormalizedName).ToListAsync(ct);
        var items = new List<ProviderDetails>();
        foreach (var provider in providers)
        {
            items.Add(await DetailsAsync(provider, ct));
        }

        return Paging.Page(items, page, provider => provider.Name);
    }

    public async Task<Result<ProviderDetails>> FindAsync(Actor actor, Guid id, CancellationToken ct) =>
        actor.Require(Permissions.DirectoryWrite) is { } refused ? refused
        : await db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) is { } found
            ? await DetailsAsync(found, ct)
        : NoSuchProvider;

    /// <summary>Returns the providers that the sign-in page offers, by name. Requires no permission.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Name)>> OfferedAsync(CancellationToken ct)
    {
        var rows = await db
            .IdentityProviders.OrderBy(provider => provider.NormalizedName)
            .Select(provider => new { provider.Id, provider.Name })
            .ToListAsync(ct);
        return rows.ConvertAll(row => (row.Id, row.Name));
    }

    /// <summary>Adds a provider. Refused as <c>validation_failed</c>, <c>too_many_providers</c>,
    /// <c>duplicate_provider</c> or <c>duplicate_issuer</c>.</summary>
    public async Task<Result<ProviderDetails>> CreateAsync(Actor actor, ProviderRequest request, CancellationToken ct)
    {
        var given = ProviderInput.Normalize(request);
        if ((Refused(actor) ?? ProviderInput.Check(given, issuers, isNew: true)) is { } refused)
        {
            return refused;
        }

        var secret = secrets.Protect(given.ClientSecret!);
        return await db.ChangeAsync<ProviderDetails>(
            actor,
            Permissions.DirectoryWrite,
            async change =>
            {
                if (await db.IdentityProviders.CountAsync(ct) >= Limits.Providers)
                {
                    return Refusal.Conflict("too_many_providers", $"You can have at most {Limits.Providers} identity providers.");
                }

                var provider = IdentityProvider.Create(given.Id ?? Guid.CreateVersion7(change.At), given, secret, change.At);
                if (await db.IdentityProviders.AnyAsync(row => row.Id == provider.Id, ct))
                {
                    return Refusal.Conflict("duplicate_provider", "Another identity provider has this id.");
                }

                if (await DuplicateAsync(provider.Id, given, ct) is { } duplicate)
                {
                    return duplicate;
                }

                db.Add(provider);
                change.Record(AuditActions.ProviderAdded, provider.AsTarget(), Facts(provider));
                return await DetailsAsync(provider, ct);
            },
            ct,
            ChangeLock.Administrators
        );
    }

    /// <summary>Replaces everything but the rules, with effect from the next sign-in. Also refused as
    /// <c>issuer_in_use</c> if accounts are linked and the issuer would change, or <c>above_you</c> if a rule's role has
    /// permissions that the actor lacks.</summary>
    public async Task<Result<ProviderDetails>> UpdateAsync(Actor actor, Guid id, ProviderRequest request, CancellationToken ct)
    {
        var given = ProviderInput.Normalize(request);
        if ((Refused(actor) ?? ProviderInput.Check(given, issuers, isNew: false)) is { } refused)
        {
            return refused;
        }

        if (given.Id is { } other && other != id)
        {
            return Refusal.InvalidField("id", "The id can't change.");
        }

        var secret = given.ClientSecret is { } text ? secrets.Protect(text) : null;
        return await db.ChangeAsync<ProviderDetails>(
            actor,
            Permissions.DirectoryWrite,
            async change =>
            {
                if (await db.IdentityProviders.SingleOrDefaultAsync(row => row.Id == id, ct) is not { } provider)
                {
                    return NoSuchProvider;
                }

                if (await ExceedsAsync(change.Actor, id, ct))
                {
                    return Refusals.ExceedsActorPermissions;
                }

                if (await DuplicateAsync(id, given, ct) is { } duplicate)
                {
                    return duplicate;
                }

                if (given.Issuer != provider.Issuer && await LinksOf(provider).AnyAsync(ct))
                {
                    return Refusal.Conflict(
                        "issuer_in_use",
                        "Accounts are linked to this issuer. Add the new issuer as another identity provider."
                    );
                }

                if (given.Issuer != provider.Issuer && secret is null)
                {
                    return Refusal.InvalidField("clientSecret", "Enter the client secret of the new issuer.");
                }

                var after = Facts(IdentityProvider.Create(id, given, secret ?? "", change.At));
                var changes = FieldChange.Between([
                    .. Facts(provider).Select(fact => new FieldChange(fact.Key, fact.Value, after[fact.Key])),
                    new FieldChange("clientSecret", "unchanged", secret is null ? "unchanged" : "replaced"),
                ]);
                if (changes.Length > 0)
                {
                    provider.Change(given, secret, change.At);
                    // Lists of users show the name from the link.
                    await LinksOf(provider).ExecuteUpdateAsync(set => set.SetProperty(login => login.ProviderDisplayName, given.Name), ct);
                    change.Record(AuditActions.ProviderUpdated, provider.AsTarget(), new { changes });
                }

                return await DetailsAsync(provider, ct);
            },
            ct,
            // A sign-in or a link takes it as well, and must not commit an identity of the issuer before.
            ChangeLock.Administrators
        );
    }

    /// <summary>Removes a provider, its rules, the links of accounts to it, and the sessions that it started. Refused as
    /// <c>provider_in_use</c> if it is the only one and roles require one.</summary>
    public async Task<Result<Unit>> DeleteAsync(Actor actor, Guid id, CancellationToken ct) =>
        Refused(actor)
        ?? await db.ChangeAsync<Unit>(
            actor,
            Permissions.DirectoryWrite,
            async change =>
            {
                if (await db.IdentityProviders.SingleOrDefaultAsync(row => row.Id == id, ct) is not { } provider)
                {
                    return NoSuchProvider;
                }

                if (
                    CurrentSettings.Read(await db.StoredSettings.AsNoTracking().SingleOrDefaultAsync(ct)).ProviderRequiredRoles.Count > 0
                    && !await db.IdentityProviders.AnyAsync(row => row.Id != id, ct)
                )
                {
                    return Refusal.Conflict("provider_in_use", "Roles require an identity provider, and this is the only one.");
                }

                var sessions = await db.Sessions.Where(session => session.ProviderId == id).ToListAsync(ct);
                foreach (var session in sessions)
                {
                    change.Record(AuditActions.SessionEnded, session.AsTarget(), new { reason = "the identity provider was removed" });
                }

                db.RemoveRange(sessions);
                db.Remove(provider);
                var unlinked = await LinksOf(provider).ExecuteDeleteAsync(ct);
                change.Record(AuditActions.ProviderRemoved, provider.AsTarget(), new { provider.Issuer, unlinked });
                return default(Unit);
            },
            ct,
            ChangeLock.Administrators
        );

    private Refusal? Refused(Actor actor) => actor.Require(Permissions.DirectoryWrite) ?? actor.RequireRecentSignIn(clock.Now());

    // Another issuer or groups claim decides who gets the roles of the rules, so it is like assigning them.
    private async Task<bool> ExceedsAsync(Actor actor, Guid id, CancellationToken ct)
    {
        var rules = db.GroupRoleRules.Where(rule => rule.ProviderId == id);
        var roles = await db.Roles.AsNoTracking().Where(role => rules.Any(rule => rule.RoleId == role.Id)).ToListAsync(ct);
        return !roles.TrueForAll(role => actor.Covers(role.Effective));
    }

    private async Task<Refusal?> DuplicateAsync(Guid id, ProviderRequest given, CancellationToken ct)
    {
        var name = UnicodeText.Fold(given.Name);
        var others = db.IdentityProviders.Where(row => row.Id != id);
        return await others.AnyAsync(row => row.NormalizedName == name, ct)
                ? Refusal.Conflict("duplicate_provider", "Another identity provider has this name.")
            : await others.AnyAsync(row => row.Issuer == given.Issuer, ct)
                ? Refusal.Conflict("duplicate_issuer", "Another identity provider has this issuer.")
            : null;
    }

    private IQueryable<Microsoft.AspNetCore.Identity.IdentityUserLogin<Guid>> LinksOf(IdentityProvider provider)
    {
        var key = provider.LoginProvider;
        return db.UserLogins.Where(login => login.LoginProvider == key);
    }

    private async Task<ProviderDetails> DetailsAsync(IdentityProvider provider, CancellationToken ct) =>
        new()
        {
            Id = provider.Id,
            Name = provider.Name,
            Issuer = provider.Issuer,
            ClientId = provider.ClientId,
            ClientAuthentication = provider.ClientAuthentication,
            Scopes = provider.Scopes,
            GroupsClaim = provider.GroupsClaim,
            AllowedDomains = provider.AllowedDomains,
            AllowedGroups = provider.AllowedGroups,
            Admission = provider.Admission,
            SecondFactorValues = provider.SecondFactorValues,
            RuleMode = provider.RuleMode,
            Rules = await db.GroupRoleRules.CountAsync(rule => rule.ProviderId == provider.Id, ct),
            Users = await LinksOf(provider).CountAsync(ct),
            CreatedAt = provider.CreatedAt,
            UpdatedAt = provider.UpdatedAt,
        };

    // Never the secret.
    private static Dictionary<string, string?> Facts(IdentityProvider provider) =>
        new()
        {
            ["name"] = provider.Name,
            ["issuer"] = provider.Issuer,
            ["clientId"] = provider.ClientId,
            ["clientAuthentication"] = provider.ClientAuthentication,
            ["scopes"] = string.Join(' ', provider.Scopes),
            ["groupsClaim"] = provider.GroupsClaim,
            ["allowedDomains"] = string.Join(' ', provider.AllowedDomains),
            ["allowedGroups"] = string.Join(", ", provider.AllowedGroups),
            ["admission"] = provider.Admission,
            ["secondFactorValues"] = string.Join(' ', provider.SecondFactorValues),
        };
}
