using AdminConsole.Core.Data;
using AdminConsole.Core.Passwords;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

/// <summary>
/// The tokens of links that set a password: random, kept as a hash, revocable one by one, valid once. Outside a change it only
/// reports whether a token would work; inside, one statement uses it up, so of many at once one wins.
/// </summary>
public sealed class SingleUseTokens(AppDbContext db, TimeProvider clock) : IUserTwoFactorTokenProvider<AppUser>
{
    /// <summary>The name under which it is registered with Identity.</summary>
    public const string Provider = "SingleUse";

    /// <summary>A link that an administrator makes; it ends after the time that the settings say.</summary>
    public const string Reset = UserManager<AppUser>.ResetPasswordTokenPurpose;

    /// <summary>The same, asked for by someone who isn't signed in.</summary>
    public const string ForgottenPassword = "ForgottenPassword";

    /// <summary>A link with which a new user chooses the first password; it ends after 7 days.</summary>
    public const string Invitation = "Invitation";

    /// <summary>Inside a change: a new token, which exists nowhere else.</summary>
    public async Task<string> GenerateAsync(string purpose, UserManager<AppUser> manager, AppUser user)
    {
        var (change, secret) = (db.RequireChange(), Secret.Create());
        db.Add(new PasswordReset
        {
            Id = Guid.CreateVersion7(change.At),
            UserId = user.Id,
            SignInName = user.SignInName,
            SecretHash = Secret.Hash(secret),
            CreatedAt = change.At,
            ExpiresAt = await EndAsync(purpose, change.At),
            IsInvitation = purpose == Invitation,
            IsSelfMade = purpose == ForgottenPassword,
        });
        return secret;
    }

    /// <summary>Whether the token is one of this user's, made for the name the user has, and open. Any of them sets a password.</summary>
    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<AppUser> manager, AppUser user)
    {
        if (purpose is not (Reset or ForgottenPassword or Invitation))
        {
            return false;
        }

        var (hash, now) = (Secret.Hash(token), db.Current?.At ?? clock.Now());
        var open = db.PasswordResets.Where(reset =>
            reset.SecretHash == hash && reset.UserId == user.Id && reset.UsedAt == null && reset.ExpiresAt > now);
        if (db.Current is not null)
        {
            return await open.ExecuteUpdateAsync(set => set.SetProperty(reset => reset.UsedAt, now), db.CurrentToken) == 1;
        }

        var found = await open.Select(reset => new { reset.SignInName }).SingleOrDefaultAsync(CancellationToken.None);
        return found is not null
            && (found.SignInName is null || AppUser.NormalizeLogin(found.SignInName) == AppUser.NormalizeLogin(user.SignInName));
    }

    /// <summary>Never: a link is no second factor.</summary>
    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<AppUser> manager, AppUser user) => Task.FromResult(false);

    private async Task<DateTimeOffset> EndAsync(string purpose, DateTimeOffset now) => purpose switch
    {
        Invitation => now + Invitations.Lifetime,
        Reset or ForgottenPassword => PasswordReset.EndOf(now, await db.SettingsAsync(db.CurrentToken)),
        _ => throw new NotSupportedException($"No tokens are issued for the purpose '{purpose}'."),
    };
}
