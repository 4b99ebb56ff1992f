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
public sealed record IssuedReset(string Email, string Secret);

/// <summary>Single-use links to set a new password, valid for an hour, and only with the address that they were made for.</summary>
public sealed class PasswordResets(AppDbContext db, UserChanges changes, UserAccess access, NewPassword newPassword, TimeProvider clock)
{
    private static readonly Refusal InvalidToken =
        Refusal.Invalid("invalid_token", "This link is not valid any more. Ask for a new one.");

    /// <summary>The secret of a new link, which is also mailed to the user; older links stop working. Refused as <c>above_you</c>, <c>fresh_sign_in_required</c>.</summary>
    public async Task<Result<IssuedReset>> IssueAsync(Actor actor, Guid userId, CancellationToken ct)
    {
        IssuedReset? issued = null;
        var result = await changes.DoAsync(actor, userId, UserCredentials.Credential(async (change, user, stop) =>
        {
            var secret = await IssueAsync(change, user, stop);
            change.Mail(user, Letters.PasswordReset(user, secret, await EndAsync(change, stop), actor.Name));
            issued = new IssuedReset(user.Email!, secret);
        }), ct);
        return result.Then(_ => issued!);
    }

    /// <summary>Sets the password and ends all sessions; a deactivated user stays so. Unknown address, wrong, spent and expired secrets are all <c>invalid_token</c>.</summary>
    public async Task<Result<Done>> RedeemAsync(Actor caller, ResetPasswordRequest request, CancellationToken ct)
    {
        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var (email, secret) = (AppUser.NormalizeLogin(request.Email.Trim()), Secret.Hash(request.Token));
        if (await FindAsync(email, secret, ct) is not { } pending)
        {
            return InvalidToken;
        }

        var owner = new PasswordOwner(pending.Email, pending.UserName, pending.DisplayName);
        var accepted = await newPassword.AcceptAsync(request.NewPassword, "newPassword", owner);
        return accepted.Refusal is { } weak ? weak : await db.ChangeAsync<Done>(caller, null, async change =>
        {
            var redeemed = await db.PasswordResets.Where(reset => reset.SecretHash == secret && reset.UsedAt == null && reset.ExpiresAt > change.At)
                .ExecuteUpdateAsync(set => set.SetProperty(reset => reset.UsedAt, change.At), ct);
            if (redeemed == 0 || await db.Users.SingleOrDefaultAsync(row => row.Id == pending.Id && row.NormalizedEmail == email, ct) is not { } user)
            {
                return InvalidToken;
            }

            user.SetPassword(accepted.Value.Hash, mustChange: false, change.At);
            user.Unlock(change.At);
            await Lockout.ForgiveAsync(db, user.Id, ct);
            change.Record(AuditActions.PasswordReset, user.AsTarget(), new { accepted.Value.BreachCheck }, by: caller.As(user.Id, user.Email!));
            // Other open links too: someone who can read the mailbox may have asked for several.
            await access.EndAsync(change, user, AccessEnding.EachSession("password reset"), ct);
            change.Mail(user, Letters.PasswordChanged(user, change, "Your password was set with a link that was sent to this address. Every session was ended."));
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
            Email = user.Email,
            SecretHash = Secret.Hash(secret),
            CreatedAt = change.At,
            ExpiresAt = await EndAsync(change, ct),
        });
        change.Record(AuditActions.PasswordResetRequested, user.AsTarget());
        return secret;
    }

    // A link for another address than the account's present one is not valid, nor is one for the present address given with another.
    private async Task<AppUser?> FindAsync(string email, byte[] secret, CancellationToken ct)
    {
        var now = clock.Now();
        var found = await db.PasswordResets.AsNoTracking().Where(reset => reset.SecretHash == secret && reset.UsedAt == null && reset.ExpiresAt > now)
            .Join(db.Users.Where(user => user.NormalizedEmail == email), reset => reset.UserId, user => user.Id, (reset, user) => new { reset.Email, User = user })
            .SingleOrDefaultAsync(ct);
        return found is not null && (found.Email is null || AppUser.NormalizeLogin(found.Email) == email) ? found.User : null;
    }

    private async Task<DateTimeOffset> EndAsync(Change change, CancellationToken ct) => change.At.AddMinutes((await db.SettingsAsync(ct)).PasswordResetMinutes);
}
