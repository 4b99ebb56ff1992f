using System.Diagnostics.CodeAnalysis;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Names;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

/// <summary>Validates emails and usernames, and checks that they are unique.</summary>
internal static class UserNameValidation
{
    internal static readonly Refusal DuplicateEmail = Refusal.Conflict("duplicate_email", "This email is already in use.");

    internal static readonly Refusal DuplicateUserName = Refusal.Conflict("duplicate_user_name", "This username is already in use.");

    /// <summary>Returns null if the names are well-formed. Expects trimmed names. A null username defaults to the
    /// email; at least one of the two is required.</summary>
    public static Refusal? Check(string? email, string? userName, string displayName) =>
        (
            (userName ?? email) is not { } name
                ? Refusal.InvalidField("email", "Enter an email, or a username for an account without one.")
                : (email is null ? null : EmailAddress.Check("email", email)) ?? CheckUserName(name, email)
        ) ?? NameText.Check("displayName", displayName);

    // Users sign in with either, so a username with an @ could be another user's email. API clients may name a user by
    // id, so a username can't look like one.
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

    /// <summary>Returns null if no other account uses the email or the username.</summary>
    public static async Task<Refusal?> CheckUniqueAsync(AppDbContext db, AppUser user, CancellationToken ct)
    {
        // Also compares emails with usernames, because users sign in with either.
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

    /// <summary>Renames an existing account. Every rename ends here, so a changed email is always announced to both
    /// addresses, and a first email to that address.</summary>
    public static void Rename(ChangeContext change, AppUser user, string? email, string userName, string displayName)
    {
        var (oldEmail, oldNormalized) = (user.Email, user.NormalizedEmail);
        user.Rename(email, userName, displayName, change.At);
        // Another spelling of the same address is the same mailbox.
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
    internal static string? ResolveName(string? name, string? present, Func<string, string> compose) =>
        name?.Trim() is not { } given || given == present ? present : compose(given);
}
