using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Account;

/// <summary>Manages the identity providers linked to the actor's account. Adding or removing one requires a recent
/// sign-in.</summary>
public sealed class OwnLogins(AppDbContext db, AppUserManager users, TimeProvider clock)
{
    private const int MaxProviderKey = 128;

    private static readonly Refusal LastWayIn = Refusal.Conflict(
        "last_way_in",
        "This is your only way to sign in. Set a password or add a passkey first."
    );

    public async Task<Result<IReadOnlyList<UserLoginInfo>>> ListAsync(Actor actor, CancellationToken ct)
    {
        if (actor.RequireOwnFactors() is { } refused)
        {
            return refused;
        }

        var logins = await users.GetLoginsAsync(await db.Users.AsNoTracking().SingleAsync(row => row.Id == actor.UserId, ct));
        return Result.Of<IReadOnlyList<UserLoginInfo>>([.. logins.OrderBy(login => login.ProviderDisplayName, StringComparer.Ordinal)]);
    }

    /// <summary>Returns the providers in the database that are linked to the actor's account, by name.</summary>
    public async Task<Result<IReadOnlyList<(Guid Id, string Name)>>> ListProvidersAsync(Actor actor, CancellationToken ct)
    {
        if (actor.RequireOwnFactors() is { } refused)
        {
            return refused;
        }

        var linked = await db.UserLogins.Where(row => row.UserId == actor.UserId).Select(row => row.LoginProvider).ToListAsync(ct);
        var providers = await db.IdentityProviders.AsNoTracking().OrderBy(provider => provider.NormalizedName).ToListAsync(ct);
        return Result.Of<IReadOnlyList<(Guid, string)>>([
            .. providers.Where(provider => linked.Contains(provider.LoginProvider)).Select(provider => (provider.Id, provider.Name)),
        ]);
    }

    /// <summary>Checks whether a provider may be linked now. Call it before the browser is redirected to the
    /// provider.</summary>
    public Task<Result<Unit>> MayAddAsync(Actor actor) =>
        Task.FromResult<Result<Unit>>(Refused(actor) is { } refused ? refused : default(Unit));

    /// <summary>Links a login that the provider verified. Refused as <c>duplicate_login</c> if it is linked to any
    /// account, including this one.</summary>
    /// <param name="actor">The owner of the account.</param>
    /// <param name="login">The verified login.</param>
    /// <param name="ct">Cancels the change.</param>
    /// <param name="providerVersion">For a provider in the database: the time of its last change when the login was
    /// verified. Refused as <c>expired</c> after another change.</param>
    public async Task<Result<Unit>> AddAsync(
        Actor actor,
        UserLoginInfo login,
        CancellationToken ct,
        DateTimeOffset? providerVersion = null
    ) =>
        Refused(actor)
        ?? CheckLength(login)
        ?? await db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                if (await OwnAsync(change, ct) is not { } user)
                {
                    return Refusals.Unauthenticated;
                }

                if (Guid.TryParse(login.LoginProvider, out var id) && !await IsCurrentAsync(id, providerVersion, ct))
                {
                    return ProviderRefusals.Expired;
                }

                if ((await users.AddLoginAsync(user, login)).ToRefusal("provider") is { } refused)
                {
                    return refused;
                }

                change.Record(AuditActions.UserLinked, user.AsTarget(), new { provider = NameOf(login) });
                change.Mail(user, EmailTemplates.ProviderLinked(user, change, login.ProviderDisplayName ?? login.LoginProvider));
                return default(Unit);
            },
            ct,
            // A change of the provider takes it as well.
            ChangeLock.Administrators
        );

    /// <summary>Unlinks a login, which can no longer be used to sign in. Refused as <c>last_way_in</c> if there is no
    /// password, passkey or other provider.</summary>
    public async Task<Result<Unit>> RemoveAsync(Actor actor, UserLoginInfo login, CancellationToken ct) =>
        Refused(actor)
        ?? await db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                if (await OwnAsync(change, ct) is not { } user)
                {
                    return Refusals.Unauthenticated;
                }

                var logins = await db.UserLogins.Where(row => row.UserId == user.Id).ToListAsync(ct);
                if (!logins.Exists(row => row.LoginProvider == login.LoginProvider && row.ProviderKey == login.ProviderKey))
                {
                    return Refusal.NotFound("This sign-in isn't linked to your account.");
                }

                var hasOther = user.PasswordHash is not null || await db.UserPasskeys.AnyAsync(row => row.UserId == user.Id, ct);
                if (logins.Count == 1 && (!hasOther || await RequiredProviders.AppliesAsync(db, user, ct)))
                {
                    return LastWayIn;
                }

                if ((await users.RemoveLoginAsync(user, login.LoginProvider, login.ProviderKey)).ToRefusal("provider") is { } refused)
                {
                    return refused;
                }

                change.Record(AuditActions.UserUnlinked, user.AsTarget(), new { provider = NameOf(login) });
                return default(Unit);
            },
            ct
        );

    private Task<bool> IsCurrentAsync(Guid id, DateTimeOffset? version, CancellationToken ct) =>
        db.IdentityProviders.AnyAsync(provider => provider.Id == id && provider.UpdatedAt == version, ct);

    // Returns null if the session has ended since the request was authenticated.
    private async Task<AppUser?> OwnAsync(ChangeContext change, CancellationToken ct)
    {
        await db.Users.Where(row => row.Id == change.Actor.UserId).LockAsync(ct);
        return await db.HasSessionAsync(change.Actor, ct)
            ? await db.Users.SingleOrDefaultAsync(row => row.Id == change.Actor.UserId, ct)
            : null;
    }

    // A provider in the database is stored by its id.
    private static string NameOf(UserLoginInfo login) =>
        Guid.TryParse(login.LoginProvider, out _) ? login.ProviderDisplayName ?? login.LoginProvider : login.LoginProvider;

    // The length of both columns in Identity's schema.
    private static Refusal? CheckLength(UserLoginInfo login) =>
        login.LoginProvider.Length > MaxProviderKey || login.ProviderKey.Length > MaxProviderKey
            ? Refusal.InvalidField("provider", $"The provider's id of this account has more than {MaxProviderKey} characters.")
            : null;

    private Refusal? Refused(Actor actor) => actor.RequireOwnFactors() ?? actor.RequireRecentSignIn(clock.Now());
}
