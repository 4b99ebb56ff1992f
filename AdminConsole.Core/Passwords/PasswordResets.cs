using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Core.SignIn;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Passwords;

/// <summary>What a reset link is made of.</summary>
/// <param name="Name">The email that it was made for, or the username of an account without one.</param>
/// <param name="Secret">Proves who opens the link.</param>
/// <param name="HasEmail">False where the account has no email, so that nothing was mailed and the link has to be handed over.</param>
public sealed record IssuedReset(string Name, string Secret, bool HasEmail);

/// <summary>
/// Single-use links to set a new password, valid for an hour, and only with the name that they were made for: the email, or the username
/// of an account without one.
/// </summary>
public sealed class PasswordResets(AppDbContext db, UserChanges changes, UserAccess access, NewPassword newPassword, TimeProvider clock)
{
    private static readonly Refusal InvalidToken =
        Refusal.Invalid("invalid_token", "This link is no longer valid. Request a new one.");

    /// <summary>
    /// The secret of a new link, which is also mailed to the user, if the account has an email; older links stop working. Refused as
    /// <c>above_you</c>, <c>fresh_sign_in_required</c>.
    /// </summary>
    public async Task<Result<IssuedReset>> IssueAsync(Actor actor, Guid userId, CancellationToken ct)
    {
        IssuedReset? issued = null;
        var result = await changes.DoAsync(actor, userId, UserCredentials.Credential(async (change, user, stop) =>
        {
            var secret = await IssueAsync(change, user, stop);
            change.Mail(user, Letters.PasswordReset(user, secret, await EndAsync(change, stop), actor.Name));
            issued = new IssuedReset(user.SignInName, secret, user.Email is not null);
        }), ct);
        return result.Then(_ => issued!);
    }

    /// <summary>Sets the password and ends all sessions; a deactivated user stays so. Unknown name, wrong, spent and expired secrets are all <c>invalid_token</c>.</summary>
    public async Task<Result<Done>> RedeemAsync(Actor caller, ResetPasswordRequest request, CancellationToken ct)
    {
        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var (name, secret) = (AppUser.NormalizeLogin(request.Email.Trim()), Secret.Hash(request.Token));
        if (await FindAsync(name, secret, ct) is not { } pending)
        {
            return InvalidToken;
        }

        var owner = new PasswordOwner(pending.Email, pending.UserName, pending.DisplayName);
        var accepted = await newPassword.AcceptAsync(request.NewPassword, "newPassword", owner);
        return accepted.Refusal is { } weak ? weak : await db.ChangeAsync<Done>(caller, null, async change =>
        {
            var redeemed = await db.PasswordResets.Where(reset => reset.SecretHash == secret && reset.UsedAt == null && reset.ExpiresAt > change.At)
                .ExecuteUpdateAsync(set => set.SetProperty(reset => reset.UsedAt, change.At), ct);
            if (redeemed == 0 || await db.Users.WithSignInName(name).SingleOrDefaultAsync(row => row.Id == pending.Id, ct) is not { } user)
            {
                return InvalidToken;
            }

            user.SetPassword(accepted.Value.Hash, mustChange: false, change.At);
            user.Unlock(change.At);
            await Lockout.ForgiveAsync(db, user.Id, ct);
            change.Record(AuditActions.PasswordReset, user.AsTarget(), new { accepted.Value.BreachCheck }, by: caller.As(user.Id, user.SignInName));
            // Other open links too: someone who can read the mailbox may have asked for several.
            await access.EndAsync(change, user, AccessEnding.EachSession("password reset"), ct);
            change.Mail(user, Letters.PasswordChanged(user, change, "Your password was set with a link sent to this email. All your sessions were ended."));
            return default(Done);
        }, ct);
    }

    /// <summary>A new link inside a change.</summary>
    internal async Task<string> IssueAsync(Change change, AppUser user, CancellationToken ct)
    {
        await access.EndAsync(change, user, AccessEnding.Links, ct);
        var secret = Secret.Create();
        db.Add(new PasswordReset
        {
            Id = Guid.CreateVersion7(change.At),
            UserId = user.Id,
            SignInName = user.SignInName,
            SecretHash = Secret.Hash(secret),
            CreatedAt = change.At,
            ExpiresAt = await EndAsync(change, ct),
        });
        change.Record(AuditActions.PasswordResetRequested, user.AsTarget());
        return secret;
    }

    // A link for another name than the account's present one is not valid, nor is one for the present name given with another.
    private async Task<AppUser?> FindAsync(string name, byte[] secret, CancellationToken ct)
    {
        var now = clock.Now();
        var found = await db.PasswordResets.AsNoTracking().Where(reset => reset.SecretHash == secret && reset.UsedAt == null && reset.ExpiresAt > now)
            .Join(
                db.Users.WithSignInName(name), reset => reset.UserId, user => user.Id, (reset, user) => new { reset.SignInName, User = user })
            .SingleOrDefaultAsync(ct);
        return found is not null && (found.SignInName is null || AppUser.NormalizeLogin(found.SignInName) == name) ? found.User : null;
    }

    private async Task<DateTimeOffset> EndAsync(Change change, CancellationToken ct) => change.At.AddMinutes((await db.SettingsAsync(ct)).PasswordResetMinutes);
}
