using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Names;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Providers;

/// <summary>What happens to the account of a user who signs in with a provider.</summary>
public enum AdmissionOutcome
{
    /// <summary>The account is linked already.</summary>
    SignIn,

    /// <summary>The account with the same email is linked.</summary>
    Link,

    /// <summary>The account with the same email is linked, and its invitation is accepted.</summary>
    AcceptInvitation,

    /// <summary>An account is created and linked.</summary>
    Create,

    /// <summary>The sign-in is refused.</summary>
    Refuse,
}

/// <summary>The decision about a sign-in.</summary>
/// <param name="Outcome">What happens.</param>
/// <param name="User">The account; null if there is none yet.</param>
/// <param name="Refusal">Why the sign-in is refused; otherwise null.</param>
public sealed record AdmissionDecision(AdmissionOutcome Outcome, AppUser? User, Refusal? Refusal = null);

/// <summary>Decides which account a provider's user gets. Reads only, so that it also serves the test of a
/// provider.</summary>
public sealed class ProviderAdmission(AppDbContext db)
{
    public async Task<AdmissionDecision> DecideAsync(
        IdentityProvider provider,
        ExternalIdentity identity,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var (login, key) = (provider.LoginProvider, identity.Key);
        var linked = await db
            .UserLogins.Where(row => row.LoginProvider == login && row.ProviderKey == key)
            .Join(db.Users, row => row.UserId, user => user.Id, (_, user) => user)
            .SingleOrDefaultAsync(ct);
        if (linked is not null)
        {
            return Blocked(linked) ?? TooManyGroups(provider, identity, linked) ?? new(AdmissionOutcome.SignIn, linked);
        }

        if (EmailProblem(identity) is { } problem)
        {
            return Refuse(problem);
        }

        var email = AppUser.NormalizeLogin(identity.Email!);
        var found = await db.Users.SingleOrDefaultAsync(user => user.Email != null && user.NormalizedEmail == email, ct);
        return TooManyGroups(provider, identity, found)
            ?? (found is null ? ForNew(provider, identity) : await ForExistingAsync(provider, identity, found, now, ct));
    }

    private static AdmissionDecision ForNew(IdentityProvider provider, ExternalIdentity identity)
    {
        if (provider.Admission != Admissions.Domains)
        {
            return Refuse(ProviderRefusals.NotAdmitted);
        }

        return IsInDomain(provider, identity) || identity.Groups.Any(provider.AllowedGroups.Contains)
            ? new(AdmissionOutcome.Create, User: null)
            : Refuse(ProviderRefusals.DomainNotAllowed);
    }

    // A provider must not be able to take over an account that has permissions or a second factor: its owner links it.
    private async Task<AdmissionDecision> ForExistingAsync(
        IdentityProvider provider,
        ExternalIdentity identity,
        AppUser user,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (!IsInDomain(provider, identity))
        {
            return Refuse(ProviderRefusals.DomainNotAllowed, user);
        }

        if (Blocked(user) is { } blocked)
        {
            return blocked;
        }

        var login = provider.LoginProvider;
        var isProtected =
            user.TwoFactorEnabled
            || await db.UserPasskeys.AnyAsync(row => row.UserId == user.Id, ct)
            || await db.UserLogins.AnyAsync(row => row.LoginProvider == login && row.UserId == user.Id, ct);
        if (isProtected || await HasPermissionsAsync(user, ct))
        {
            return Refuse(ProviderRefusals.LinkRequired, user);
        }

        var isInvited =
            user.PasswordHash is null
            && await db
                .SingleUseLinks.Where(link => link.UserId == user.Id && link.IsInvitation)
                .AnyAsync(link => link.UsedAt == null && link.ExpiresAt > now, ct);
        return !isInvited ? new(AdmissionOutcome.Link, user)
            : provider.Admission == Admissions.Existing ? Refuse(ProviderRefusals.InvitationOpen, user)
            : new(AdmissionOutcome.AcceptInvitation, user);
    }

    private async Task<bool> HasPermissionsAsync(AppUser user, CancellationToken ct)
    {
        var own = await db.Roles.AsNoTracking().SingleAsync(role => role.BuiltIn && role.Name == AppRole.User, ct);
        HashSet<string> harmless = [.. Permissions.Own, .. own.Effective];
        return !harmless.IsSupersetOf(await RoleHierarchy.GrantedPermissionsAsync(db, user.Id, ct));
    }

    private static bool IsInDomain(IdentityProvider provider, ExternalIdentity identity) =>
        provider.AllowedDomains.Contains(ProviderInput.DomainOf(identity.Email!));

    private static Refusal? EmailProblem(ExternalIdentity identity) =>
        string.IsNullOrWhiteSpace(identity.Email) ? ProviderRefusals.EmailMissing
        : !identity.EmailVerified ? ProviderRefusals.EmailNotVerified
        : EmailAddress.Check("email", identity.Email) is not null ? ProviderRefusals.EmailInvalid
        : null;

    private static AdmissionDecision? TooManyGroups(IdentityProvider provider, ExternalIdentity identity, AppUser? user) =>
        provider.GroupsClaim is not null && (identity.HasMoreGroups || identity.Groups.Count > Limits.GroupsPerSignIn)
            ? Refuse(ProviderRefusals.TooManyGroups, user)
            : null;

    private static AdmissionDecision? Blocked(AppUser user) =>
        user.Active ? null : Refuse(user.LockedDownAt is null ? ProviderRefusals.Inactive : ProviderRefusals.LockedDown, user);

    private static AdmissionDecision Refuse(Refusal refusal, AppUser? user = null) => new(AdmissionOutcome.Refuse, user, refusal);
}
