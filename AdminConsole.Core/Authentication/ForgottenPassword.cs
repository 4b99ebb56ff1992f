using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>Lets a caller who is not signed in request a reset link. Neither the response nor its time reveals whether
/// the account exists: each request reads once and writes one event and one email, even if the email is never
/// sent.</summary>
public sealed class ForgottenPassword(AppDbContext db, AppUserManager users)
{
    /// <summary>The maximum number of open links that were requested this way, per account. More would only fill the
    /// mailbox.</summary>
    public const int MaxOpenLinks = 3;

    // The user of the decoy for an unknown address, so that as much data is written as for a known one.
    internal static readonly AppUser UnknownUser = AppUser.Create("nobody@example.invalid", null, null, DateTimeOffset.UnixEpoch);

    /// <summary>Emails a reset link to the user with this address. The user must be active, have a password, and have
    /// fewer than <see cref="MaxOpenLinks"/> open links; otherwise nothing is sent. Refused as <c>validation_failed</c>
    /// only.</summary>
    public async Task<Result<Unit>> RequestAsync(Actor caller, ForgotPasswordRequest request, CancellationToken ct)
    {
        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var email = AppUser.NormalizeLogin(request.Email.Trim());
        var settings = await db.SettingsAsync(ct);
        return await db.ChangeAsync<Unit>(
            caller,
            null,
            async change =>
            {
                // Lock the user's row, if there is one, so that each of several concurrent requests counts the earlier
                // links.
                await db.Users.Where(user => user.NormalizedEmail == email).LockAsync(ct);
                var found = await db
                    .Users.Where(user => user.NormalizedEmail == email)
                    .Select(user => new
                    {
                        User = user,
                        Open = db
                            .SingleUseLinks.Where(link => link.UserId == user.Id && link.IsSelfMade)
                            .Count(link => link.UsedAt == null && link.ExpiresAt > change.At),
                    })
                    .AsNoTracking()
                    .SingleOrDefaultAsync(ct);
                var until = SingleUseLink.ExpiryOf(change.At, settings);
                // An account without a password must not get one this way; that takes an invitation or an
                // administrator.
                var reason =
                    found is null ? "unknown_user"
                    : !found.User.Active ? "inactive"
                    : found.User.PasswordHash is null ? "no_password"
                    : found.Open >= MaxOpenLinks ? "too_many"
                    : null;
                if (reason is not null)
                {
                    change.Record(AuditActions.PasswordResetRequested, found?.User.AsTarget(), new { reason });
                    change.MailDecoy(
                        EmailTemplates.PasswordReset(found?.User ?? UnknownUser, Secret.Create(), until, byAdministrator: null)
                    );
                    return default(Unit);
                }

                var user = found!.User;
                // Other links stay valid: knowing an address must not be enough to revoke an administrator's link or an
                // invitation.
                var secret = await users.GenerateUserTokenAsync(user, SingleUseTokens.Provider, SingleUseTokens.ForgottenPassword);
                change.Record(AuditActions.PasswordResetRequested, user.AsTarget());
                change.Mail(user, EmailTemplates.PasswordReset(user, secret, until, byAdministrator: null));
                return default(Unit);
            },
            ct
        );
    }
}
