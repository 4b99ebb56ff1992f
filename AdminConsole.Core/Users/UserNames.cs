using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Names;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>What an address and a user name may be, and that nobody else has them.</summary>
internal static class UserNames
{
    /// <summary>Null when well-formed. Names are expected trimmed.</summary>
    public static Refusal? Check(string email, string userName, string displayName) =>
        EmailAddress.Check("email", email) ?? CheckUserName(userName, email) ?? NameText.Check("displayName", displayName);

    // Users sign in by either, so a username with an @ could be another user's address; and programs name a user by id where they have one.
    internal static Refusal? CheckUserName(string userName, string email) =>
        EmailAddress.Fold(userName) == EmailAddress.Fold(email) ? null
        : NameText.CheckText("userName", userName)
        ?? (userName.Length > Limits.UserName || !NameText.HasVisible(userName)
            || !userName.EnumerateRunes().All(rune => NameText.IsWordCharacter(rune) || (rune.IsAscii && ".-_+".Contains((char)rune.Value, StringComparison.Ordinal)))
            ? Refusal.InvalidField("userName", "A username is the email address itself, or has only letters, digits and . - _ +")
        : Guid.TryParse(userName, out _) ? Refusal.InvalidField("userName", "A username can't look like an id.")
        : null);

    /// <summary>Null when nobody else has the address or the name.</summary>
    public static async Task<Refusal?> TakenAsync(AppDbContext db, AppUser user, CancellationToken ct)
    {
        // Also crosswise, because both are what users sign in with.
        var others = await db.Users
            .Where(other => other.Id != user.Id && (other.NormalizedEmail == user.NormalizedEmail || other.NormalizedUserName == user.NormalizedUserName
                || other.NormalizedEmail == user.NormalizedUserName || other.NormalizedUserName == user.NormalizedEmail))
            .Select(other => other.NormalizedEmail).ToListAsync(ct);
        return others.Count == 0 ? null
            : others.Contains(user.NormalizedEmail) ? Refusal.Conflict("duplicate_email", $"{user.Email} belongs to another user.")
            : Refusal.Conflict("duplicate_user_name", $"The user name {user.UserName} belongs to another user.");
    }

    /// <summary>Gives an existing account these names. Every way to rename one ends here, so that a changed email is always announced to both addresses.</summary>
    public static void Rename(Change change, AppUser user, string email, string userName, string displayName)
    {
        var (oldEmail, oldNormalized) = (user.Email, user.NormalizedEmail);
        user.Rename(email, userName, displayName, change.At);
        // Another spelling of the same address is still the same mailbox.
        if (oldEmail is { Length: > 0 } && oldNormalized != user.NormalizedEmail)
        {
            change.Mail(oldEmail, Letters.EmailChanged(user, change));
            change.Mail(user, Letters.NewEmail(user, change));
        }
    }

    internal static string Given(string? name, string present, Func<string, string> compose) => name?.Trim() is not { } given || given == present ? present : compose(given);
}
