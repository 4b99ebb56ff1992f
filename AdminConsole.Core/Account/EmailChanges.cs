using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Account;

/// <summary>Changes the email of the actor's own account. Nothing changes until the link sent to the new address is
/// used.</summary>
public sealed class EmailChanges(AppDbContext db, AppUserManager users, UserCredentialRevoker access, TimeProvider clock)
{
    /// <summary>The maximum number of links that a user may request before the first of them expires.</summary>
    public const int MaxOpenLinks = 3;

    private static readonly Refusal TooMany = new(
        RefusalKind.TooMany,
        "rate_limited",
        "You've asked for several links already. Use the latest one, or try again later."
    );

    /// <summary>Returns the address that awaits confirmation, or null.</summary>
    public async Task<string?> FindPendingAsync(Actor actor, CancellationToken ct)
    {
        var now = clock.Now();
        return await db
            .SingleUseLinks.Where(link => link.UserId == actor.UserId && link.Purpose == SingleUseTokens.ChangeEmail)
            .Where(link => link.UsedAt == null && link.ExpiresAt > now)
            .Select(link => link.Name)
            .FirstOrDefaultAsync(ct);
    }

    /// <summary>Emails a confirmation link to the new address; earlier links stop working. Requires a recent sign-in.
    /// Refused as <c>validation_failed</c>, or <c>rate_limited</c> after several links. If another account has the
    /// address, actors who may read users are refused as <c>duplicate_email</c>. Other actors get the usual response,
    /// and the email informs the owner of the address.</summary>
    public async Task<Result<Unit>> RequestAsync(Actor actor, ChangeEmailRequest request, CancellationToken ct)
    {
        if ((actor.RequireFullAccess() ?? Validation.Check(request)) is { } refused)
        {
            return refused;
        }

        var address = EmailAddress.Compose(request.Email.Trim());
        if (EmailAddress.Check("email", address) is { } invalid)
        {
            return invalid;
        }

        return await db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                await db.Users.Where(row => row.Id == actor.UserId).LockAsync(ct);
                if (!await db.HasSessionAsync(change.Actor, ct) || await db.CurrentAsync(change.Actor, ct) is not { } current)
                {
                    return Refusals.Unauthenticated;
                }

                var user = await db.Users.SingleAsync(row => row.Id == actor.UserId, ct);
                return
                    (
                        current.RequireRecentSignIn(change.At)
                        ?? await RefusedAsync(user, address)
                        ?? await IssueAsync(change, current, user, address, ct)
                    )
                        is { } impossible
                    ? impossible
                    : default(Unit);
            },
            ct
        );
    }

    /// <summary>Makes the address the user's email and notifies the old one. Revokes all other links of the account.
    /// Wrong, used and expired links are refused as <c>invalid_token</c>, and an address that another account has taken
    /// since as <c>duplicate_email</c>.</summary>
    public async Task<Result<Unit>> ConfirmAsync(Actor caller, ConfirmEmailRequest request, CancellationToken ct)
    {
        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var hash = Secret.Hash(request.Token);
        var link = await db.SingleUseLinks.AsNoTracking().SingleOrDefaultAsync(row => row.SecretHash == hash, ct);
        if (link?.Name is not { } address || AppUser.NormalizeLogin(address) != AppUser.NormalizeLogin(request.Email.Trim()))
        {
            return IdentityRefusals.InvalidLink;
        }

        return await db.ChangeAsync<Unit>(
            caller,
            null,
            async change =>
            {
                // Lock the row first, as every operation that revokes links does.
                await db.Users.Where(row => row.Id == link.UserId).LockAsync(ct);
                var user = await db.Users.SingleOrDefaultAsync(row => row.Id == link.UserId && row.Active, ct);
                var purpose = SingleUseTokens.ChangeEmailTo(address);
                if (user is null || !await users.VerifyUserTokenAsync(user, SingleUseTokens.Provider, purpose, request.Token))
                {
                    return IdentityRefusals.InvalidLink;
                }

                // The user is the actor from here on.
                change.Actor = caller.WithUser(user.Id, user.SignInName);
                var userName = user.UserNameWith(address);
                var changes = FieldChange.Between(new("email", user.Email, address), new("userName", user.UserName, userName));
                await access.RevokeAsync(change, user, CredentialRevocation.Address, ct);
                UserNameValidation.Rename(change, user, address, userName, user.DisplayName);
                change.Record(AuditActions.EmailChanged, user.AsTarget(), new { changes });
                return (await users.UpdateAsync(user)).ToRefusal("email") is { } refused ? refused : default(Unit);
            },
            ct
        );
    }

    // Applies every rule for names, so that a link that was sent can be used.
    private async Task<Refusal?> RefusedAsync(AppUser user, string address)
    {
        if (user.Email is not null && AppUser.NormalizeLogin(address) == user.NormalizedEmail)
        {
            return Refusal.InvalidField("email", "This is already your email.");
        }

        var userName = user.UserNameWith(address);
        return UserNameValidation.CheckUserName(userName, address)
            ?? await users.CheckAddedRulesAsync(AppUser.Draft(address, userName, user.DisplayName));
    }

    private async Task<Refusal?> IssueAsync(ChangeContext change, Actor current, AppUser user, string address, CancellationToken ct)
    {
        var settings = await db.SettingsAsync(ct);
        var expiries = await db
            .SingleUseLinks.Where(link =>
                link.UserId == user.Id && link.Purpose == SingleUseTokens.ChangeEmail && link.ExpiresAt > change.At
            )
            .Select(link => link.ExpiresAt)
            .ToListAsync(ct);
        if (expiries.Count >= MaxOpenLinks)
        {
            return TooMany with { RetryAfter = expiries.Min() - change.At };
        }

        var isTaken = await db.Users.Where(other => other.Id != user.Id).WithLogin(AppUser.NormalizeLogin(address)).AnyAsync(ct);
        if (isTaken && current.Can(Permissions.UsersRead))
        {
            return UserNameValidation.DuplicateEmail;
        }

        await access.EndEmailChangesAsync(change, user, ct);
        var secret = await users.GenerateUserTokenAsync(user, SingleUseTokens.Provider, SingleUseTokens.ChangeEmailTo(address));
        var until = SingleUseLink.ExpiryOf(change.At, settings);
        object details = isTaken ? new { email = address, reason = "duplicate_email" } : new { email = address };
        change.Record(AuditActions.EmailChangeRequested, user.AsTarget(), details);
        change.Mail(address, isTaken ? EmailTemplates.EmailInUse(until) : EmailTemplates.ConfirmEmail(address, secret, until));
        return null;
    }
}
