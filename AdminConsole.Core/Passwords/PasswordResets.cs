using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.SignIn;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Passwords;

/// <summary>What a reset link is made of.</summary>
public sealed record IssuedReset(string Email, string Secret);

/// <summary>Single-use links to set a new password, valid for an hour.</summary>
public sealed class PasswordResets(AppDbContext db, NewPassword newPassword, SessionRegistry sessions, TimeProvider clock)
{
    private static readonly Refusal InvalidToken =
        Refusal.Invalid("invalid_token", "This link is not valid any more. Ask for a new one.");

    /// <summary>The secret of a new link, which is also mailed to the user; older ones stop working.</summary>
    public async Task<Result<IssuedReset>> IssueAsync(Actor actor, Guid userId, CancellationToken ct) =>
        actor.RefusedForOwnCredentials(userId) ?? actor.RefusedUnlessFresh(clock.Now()) ?? await db.ChangeAsync<IssuedReset>(actor, Permissions.UsersCredentials, async change =>
        {
            if (await db.Users.FindAsync([userId], ct) is not { } user)
            {
                return Refusal.NotFound("No such user.");
            }

            if (await Standing.IsAboveAsync(db, userId, actor, ct))
            {
                return Refusals.AboveYou;
            }

            var secret = await IssueAsync(change, user, ct);
            change.Mail(user, Letters.PasswordReset(user, secret, await EndAsync(change, ct), actor.Name));
            return new IssuedReset(user.Email!, secret);
        }, ct);

    /// <summary>Sets the password and ends all sessions; a deactivated user stays so. Unknown address, wrong, spent and expired secrets are all <c>invalid_token</c>.</summary>
    public async Task<Result<Done>> RedeemAsync(Actor caller, ResetPasswordRequest request, CancellationToken ct)
    {
        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var email = AppUser.NormalizeLogin(request.Email.Trim());
        var secret = Secret.Hash(request.Token);
        var now = clock.Now();
        var pending = await db.PasswordResets.AsNoTracking()
            .Where(reset => reset.SecretHash == secret && reset.UsedAt == null && reset.ExpiresAt > now)
            .Join(db.Users.Where(user => user.NormalizedEmail == email), reset => reset.UserId, user => user.Id,
                (reset, user) => new { reset.Id, UserId = user.Id, user.Email, user.UserName, user.DisplayName })
            .SingleOrDefaultAsync(ct);
        if (pending is null)
        {
            return InvalidToken;
        }

        var owner = new PasswordOwner(pending.Email, pending.UserName, pending.DisplayName);
        var accepted = await newPassword.AcceptAsync(request.NewPassword, "newPassword", owner);
        return accepted.Refusal is { } weak ? weak : await db.ChangeAsync<Done>(caller, null, async change =>
        {
            var redeemed = await db.PasswordResets.Where(reset => reset.Id == pending.Id && reset.UsedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(reset => reset.UsedAt, change.At), ct);
            if (redeemed == 0 || await db.Users.SingleOrDefaultAsync(row => row.Id == pending.UserId, ct) is not { } user)
            {
                return InvalidToken;
            }

            user.SetPassword(accepted.Value.Hash, mustChange: false, change.At);
            user.Unlock(change.At);
            await Lockout.ForgiveAsync(db, user.Id, ct);
            // The others too: who can read the mailbox may have asked for several.
            await db.PasswordResets.Where(reset => reset.UserId == user.Id && reset.UsedAt == null).ExecuteDeleteAsync(ct);
            change.Record(AuditActions.PasswordReset, user.AsTarget(), new { accepted.Value.BreachCheck }, by: caller.As(user.Id, user.Email!));
            change.Mail(user, Letters.PasswordChanged(user, change, "Your password was set with a link that was sent to this address. Every session was ended."));
            await sessions.EndAllAsync(change, user.Id, "password reset", keep: null, ct);
            return default(Done);
        }, ct);
    }

    /// <summary>A new link inside a change.</summary>
    internal async Task<string> IssueAsync(Change change, AppUser user, CancellationToken ct)
    {
        await db.PasswordResets.Where(reset => reset.UserId == user.Id).ExecuteDeleteAsync(ct);
        var secret = Secret.Create();
        db.Add(new PasswordReset
        {
            Id = Guid.CreateVersion7(change.At),
            UserId = user.Id,
            SecretHash = Secret.Hash(secret),
            CreatedAt = change.At,
            ExpiresAt = await EndAsync(change, ct),
        });
        change.Record(AuditActions.PasswordResetRequested, user.AsTarget());
        return secret;
    }

    private async Task<DateTimeOffset> EndAsync(Change change, CancellationToken ct) => change.At.AddMinutes((await db.SettingsAsync(ct)).PasswordResetMinutes);
}
