using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

/// <summary>Issues and verifies the tokens of links that set a password or confirm an email. Tokens are random, stored
/// as hashes, individually revocable and valid once. Outside a change, verification only reports whether a token would
/// work. Inside a change, one statement consumes the token, so that of concurrent attempts only one succeeds.</summary>
public sealed class SingleUseTokens(AppDbContext db, TimeProvider clock) : IUserTwoFactorTokenProvider<AppUser>
{
    /// <summary>The provider name that is registered with Identity.</summary>
    public const string Provider = "SingleUse";

    /// <summary>A reset link issued by an administrator. It expires after the time in the settings.</summary>
    public const string Reset = UserManager<AppUser>.ResetPasswordTokenPurpose;

    /// <summary>A reset link requested by a user who is not signed in. It expires after the time in the
    /// settings.</summary>
    public const string ForgottenPassword = "ForgottenPassword";

    /// <summary>A link to choose the first password. It expires after 7 days.</summary>
    public const string Invitation = "Invitation";

    /// <summary>A link that confirms a new email. Identity's purposes append the address after a colon.</summary>
    public const string ChangeEmail = "ChangeEmail";

    private static readonly string[] ForPasswords = [Reset, ForgottenPassword, Invitation];

    /// <summary>Returns the purpose of a token that confirms this address.</summary>
    public static string ChangeEmailTo(string address) => $"{ChangeEmail}:{address}";

    /// <summary>Creates a token, inside a change. The token itself is not stored.</summary>
    public async Task<string> GenerateAsync(string purpose, UserManager<AppUser> manager, AppUser user)
    {
        var (change, secret) = (db.RequireChange(), Secret.Create());
        var (kind, address) = Parse(purpose);
        db.Add(
            new SingleUseLink
            {
                Id = Guid.CreateVersion7(change.At),
                UserId = user.Id,
                Purpose = kind,
                Name = address ?? user.SignInName,
                SecretHash = Secret.Hash(secret),
                CreatedAt = change.At,
                ExpiresAt = await EndAsync(kind, change.At),
                IsInvitation = kind == Invitation,
                IsSelfMade = kind == ForgottenPassword,
            }
        );
        return secret;
    }

    /// <summary>Returns whether the token is valid for this user and purpose. It must have been issued for the user's
    /// current name, or for exactly the address to confirm. The purposes that set a password accept each other's
    /// tokens.</summary>
    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<AppUser> manager, AppUser user)
    {
        var (kind, address) = Parse(purpose);
        if (address is null && !ForPasswords.Contains(kind))
        {
            return false;
        }

        var (hash, now) = (Secret.Hash(token), db.Current?.At ?? clock.Now());
        var open = db
            .SingleUseLinks.Where(link => link.SecretHash == hash && link.UserId == user.Id)
            .Where(link => link.UsedAt == null && link.ExpiresAt > now);
        open = address is null
            ? open.Where(link => EF.Constant(ForPasswords).Contains(link.Purpose))
            : open.Where(link => link.Purpose == ChangeEmail && link.Name == address);
        if (db.Current is not null)
        {
            return await open.ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, now), db.CurrentToken) == 1;
        }

        var found = await open.Select(link => new { link.Name }).SingleOrDefaultAsync(CancellationToken.None);
        return found is not null && (address is not null || IsFor(found.Name, user.SignInName));
    }

    /// <summary>Always false: a link is not a second factor.</summary>
    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<AppUser> manager, AppUser user) => Task.FromResult(false);

    private static (string Kind, string? Address) Parse(string purpose) =>
        purpose.StartsWith(ChangeEmail + ":", StringComparison.Ordinal)
            ? (ChangeEmail, purpose[(ChangeEmail.Length + 1)..])
            : (purpose, null);

    private static bool IsFor(string? made, string name) => made is null || AppUser.NormalizeLogin(made) == AppUser.NormalizeLogin(name);

    private async Task<DateTimeOffset> EndAsync(string kind, DateTimeOffset now) =>
        kind switch
        {
            Invitation => now + Invitations.Lifetime,
            Reset or ForgottenPassword or ChangeEmail => SingleUseLink.ExpiryOf(now, await db.SettingsAsync(db.CurrentToken)),
            _ => throw new NotSupportedException($"No tokens are issued for the purpose '{kind}'."),
        };
}
