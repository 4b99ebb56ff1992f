using System.Diagnostics.CodeAnalysis;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Names;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>What an address and a user name may be, and that nobody else has them.</summary>
internal static class UserNameValidation
{
    internal static readonly Refusal DuplicateEmail = Refusal.Conflict("duplicate_email", "This email is already in use.");

    internal static readonly Refusal DuplicateUserName = Refusal.Conflict("duplicate_user_name", "This username is already in use.");

    /// <summary>
    /// Null when well-formed. Names are expected trimmed. A username that is null is the email; without either nobody
    /// could sign in.
    /// </summary>
    public static Refusal? Check(string? email, string? userName, string displayName) =>
        (
            (userName ?? email) is not { } name
                ? Refusal.InvalidField("email", "Enter an email, or a username for an account without one.")
                : (email is null ? null : EmailAddress.Check("email", email)) ?? CheckUserName(name, email)
        ) ?? NameText.Check("displayName", displayName);

    // Users sign in by either, so a username with an @ could be another user's address; and programs name a user by id
    // where they have one.
    internal static Refusal? CheckUserName(string userName, string? email) =>
        email is not null && EmailAddress.Fold(userName) == EmailAddress.Fold(email)
            ? null
            : NameText.CheckText("userName", userName)
                ?? (
                    userName.Length > Limits.UserName
                    || !NameText.HasVisible(userName)
                    || !userName
                        .EnumerateRunes()
                        .All(rune =>
                            NameText.IsWordCharacter(rune) || (rune.IsAscii && ".-_+".Contains((char)rune.Value, StringComparison.Ordinal))
                        )
                        ? Refusal.InvalidField(
                            "userName",
                            email is null
                                ? "Use only letters, digits and . - _ +"
                                : "Use only letters, digits and . - _ +, or the email itself."
                        )
                    : Guid.TryParse(userName, out _) ? Refusal.InvalidField("userName", "A username can't look like an id.")
                    : null
                );

    /// <summary>Null when nobody else has the address or the name.</summary>
    public static async Task<Refusal?> TakenAsync(AppDbContext db, AppUser user, CancellationToken ct)
    {
        // Also crosswise, because both are what users sign in with.
        var others = await db
            .Users.Where(other =>
                other.Id != user.Id
                && (
                    other.NormalizedEmail == user.NormalizedEmail
                    || other.NormalizedUserName == user.NormalizedUserName
                    || other.NormalizedEmail == user.NormalizedUserName
                    || other.NormalizedUserName == user.NormalizedEmail
                )
            )
            .Select(other => other.NormalizedEmail)
            .ToListAsync(ct);
        return others.Count == 0 ? null
            : user.Email is not null && others.Contains(user.NormalizedEmail) ? DuplicateEmail
            : DuplicateUserName;
    }

    /// <summary>
    /// Gives an existing account these names. Every way to rename one ends here, so that a changed email is always
    /// announced to both
    /// addresses, and the first email of an account to that address.
    /// </summary>
    public static void Rename(ChangeContext change, AppUser user, string? email, string userName, string displayName)
    {
        var (oldEmail, oldNormalized) = (user.Email, user.NormalizedEmail);
        user.Rename(email, userName, displayName, change.At);
        // Another spelling of the same address is still the same mailbox.
        if (user.Email is null || oldNormalized == user.NormalizedEmail)
        {
            return;
        }

        if (oldEmail is not null)
        {
            change.Mail(oldEmail, EmailTemplates.EmailChanged(user, change));
        }

        change.Mail(user, EmailTemplates.NewEmail(user, change, isFirst: oldEmail is null));
    }

    [return: NotNullIfNotNull(nameof(present))]
    internal static string? Given(string? name, string? present, Func<string, string> compose) =>
        name?.Trim() is not { } given || given == present ? present : compose(given);
}
