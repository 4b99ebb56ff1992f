using System.Net.Mail;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>What an address and a user name may be, and that nobody else has them.</summary>
internal static class UserNames
{
    /// <summary>Null when well-formed. Names are expected trimmed.</summary>
    public static Refusal? Check(string email, string userName, string displayName)
    {
        if (!MailAddress.TryCreate(email, out var parsed) || parsed.Address != email || email.Any(char.IsWhiteSpace) || email.Any(char.IsControl))
        {
            return Refusal.InvalidField("email", "That is not an e-mail address.");
        }

        // One signs in by either, so a user name with an @ could be somebody else's address.
        if (AppUser.Normalize(userName) != AppUser.Normalize(email)
            && (userName.Length is 0 or > Limits.UserName || !userName.All(letter => char.IsLetterOrDigit(letter) || ".-_+".Contains(letter, StringComparison.Ordinal))))
        {
            return Refusal.InvalidField("userName", "A user name is the e-mail address itself, or has letters, digits and . - _ + only.");
        }

        return displayName.Length == 0 || displayName.Any(char.IsControl)
            ? Refusal.InvalidField("displayName", "A display name is needed, on one line.")
            : null;
    }

    /// <summary>Null when nobody else has the address or the name.</summary>
    public static async Task<Refusal?> TakenAsync(AppDbContext db, AppUser user, CancellationToken ct)
    {
        var others = await db.Users
            .Where(other => other.Id != user.Id && (other.NormalizedEmail == user.NormalizedEmail || other.NormalizedUserName == user.NormalizedUserName))
            .Select(other => other.NormalizedEmail).ToListAsync(ct);
        return others.Count == 0 ? null
            : others.Contains(user.NormalizedEmail) ? Refusal.Conflict("duplicate_email", $"{user.Email} belongs to another user.")
            : Refusal.Conflict("duplicate_user_name", $"The user name {user.UserName} belongs to another user.");
    }

    /// <summary>Inside a change: gives the user the names that the request has. Null when they may have them.</summary>
    public static async Task<Refusal?> RenameAsync(AppDbContext db, Change change, AppUser user, UpdateUserRequest request, CancellationToken ct)
    {
        var (email, userName, displayName) = (user.Email!, user.UserName!, user.DisplayName);
        var newEmail = request.Email?.Trim() ?? email;
        // A user name that is the address follows it.
        var newUserName = request.UserName?.Trim() ?? (userName == email ? newEmail : userName);
        var newDisplayName = request.DisplayName?.Trim() ?? displayName;
        var renamed = FieldChange.Between(new("email", email, newEmail), new("userName", userName, newUserName), new("displayName", displayName, newDisplayName));
        if (renamed.Length == 0)
        {
            return null;
        }

        if (Check(newEmail, newUserName, newDisplayName) is { } malformed)
        {
            return malformed;
        }

        change.Record(AuditActions.UserUpdated, user.AsTarget(), new { changes = renamed });
        Rename(change, user, newEmail, newUserName, newDisplayName);
        return await TakenAsync(db, user, ct);
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
}
