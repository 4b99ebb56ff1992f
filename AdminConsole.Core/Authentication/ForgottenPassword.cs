using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>
/// A caller who isn't signed in asks for a reset link. Whether there is such an account shows neither in the answer nor
/// in its time: each
/// request
/// looks once, writes one event and one mail, whether or not the mail is ever sent.
/// </summary>
public sealed class ForgottenPassword(AppDbContext db, AppUserManager users)
{
    /// <summary>How many links asked for like this one account may have at a time; more would only fill a
    /// mailbox.</summary>
    public const int MaxOpenLinks = 3;

    // Nobody's; what is written for an address without an account is as long as what is written for one with.
    internal static readonly AppUser UnknownUser = AppUser.Create("nobody@example.invalid", null, null, DateTimeOffset.UnixEpoch);

    /// <summary>
    /// Mails a link to the user with this address, if the user is active, has a password, and did not just ask for
    /// several. Refused as
    /// <c>validation_failed</c> only.
    /// </summary>
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
                // Takes the row, if there is one, so that of many at once each counts those before it.
                await db.Users.Where(user => user.NormalizedEmail == email).LockAsync(ct);
                var found = await db
                    .Users.Where(user => user.NormalizedEmail == email)
                    .Select(user => new
                    {
                        User = user,
                        Open = db.SingleUseLinks.Count(link =>
                            link.UserId == user.Id && link.IsSelfMade && link.UsedAt == null && link.ExpiresAt > change.At
                        ),
                    })
                    .AsNoTracking()
                    .SingleOrDefaultAsync(ct);
                var until = SingleUseLink.EndOf(change.At, settings);
                // An account without a password is not meant to be entered with one; an invitation or an administrator
                // opens it.
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
                // Others stay: knowing an address must not be enough to void an administrator's link or an invitation.
                var secret = await users.GenerateUserTokenAsync(user, SingleUseTokens.Provider, SingleUseTokens.ForgottenPassword);
                change.Record(AuditActions.PasswordResetRequested, user.AsTarget());
                change.Mail(user, EmailTemplates.PasswordReset(user, secret, until, byAdministrator: null));
                return default(Unit);
            },
            ct
        );
    }
}
