using AdminConsole.Core.Common;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Core.Identity;

/// <summary>An Identity error with the refusal that the API returns for it.</summary>
public sealed class RefusalError : IdentityError
{
    public RefusalError(Refusal refusal)
    {
        (Refusal, Code, Description) = (refusal, refusal.Code, refusal.Message);
    }

    public Refusal Refusal { get; }
}

/// <summary>Maps Identity's errors to refusals with the codes that API clients know.</summary>
public sealed class IdentityRefusals : IdentityErrorDescriber
{
    internal static readonly Refusal InvalidLink = Refusal.Invalid("invalid_token", "This link is no longer valid. Request a new one.");

    public override IdentityError DefaultError() => Error(Refusal.Invalid("validation_failed", "The request can't be carried out."));

    public override IdentityError ConcurrencyFailure() =>
        Error(Refusal.Conflict("conflict", "Someone else changed this at the same time. Try again."));

    public override IdentityError PasswordMismatch() => Error(Refusals.InvalidCredentials);

    public override IdentityError InvalidToken() => Error(InvalidLink);

    public override IdentityError RecoveryCodeRedemptionFailed() =>
        Error(Refusal.Unauthenticated("invalid_credentials", "This recovery code isn't valid or was used before."));

    public override IdentityError LoginAlreadyAssociated() =>
        Error(Refusal.Conflict("duplicate_login", "This sign-in is already linked to an account."));

    public override IdentityError InvalidUserName(string? userName) =>
        Error(Refusal.InvalidField("userName", "Use only letters, digits and . - _ +, or the email itself."));

    public override IdentityError InvalidEmail(string? email) => Error(Refusal.InvalidField("email", "Enter a valid email."));

    public override IdentityError DuplicateUserName(string userName) => Error(UserNameValidation.DuplicateUserName);

    public override IdentityError DuplicateEmail(string email) => Error(UserNameValidation.DuplicateEmail);

    public override IdentityError InvalidRoleName(string? role) =>
        Error(Refusal.InvalidField("name", "Use letters, digits, spaces and . - _ in the name."));

    public override IdentityError DuplicateRoleName(string role) =>
        Error(Refusal.Conflict("duplicate_role", $"The role '{role}' already exists."));

    public override IdentityError UserAlreadyHasPassword() => Error(Refusal.Conflict("has_password", "This user already has a password."));

    public override IdentityError UserLockoutNotEnabled() => Error(Refusal.Conflict("conflict", "Accounts can't be exempt from lockout."));

    public override IdentityError UserAlreadyInRole(string role) =>
        Error(Refusal.Conflict("conflict", $"The user already has the role '{role}'."));

    public override IdentityError UserNotInRole(string role) =>
        Error(Refusal.Conflict("conflict", $"The user doesn't have the role '{role}'."));

    public override IdentityError PasswordTooShort(int length) => WeakPassword($"Use at least {length} characters.");

    public override IdentityError PasswordRequiresUniqueChars(int uniqueChars) =>
        WeakPassword($"Use at least {uniqueChars} different characters.");

    public override IdentityError PasswordRequiresNonAlphanumeric() =>
        WeakPassword("Use at least one character that isn't a letter or number.");

    public override IdentityError PasswordRequiresDigit() => WeakPassword("Use at least one number.");

    public override IdentityError PasswordRequiresLower() => WeakPassword("Use at least one lower-case letter.");

    public override IdentityError PasswordRequiresUpper() => WeakPassword("Use at least one upper-case letter.");

    private static RefusalError WeakPassword(string text) => Error(Refusal.InvalidField("password", text));

    private static RefusalError Error(Refusal refusal) => new(refusal);
}

/// <summary>Converts between <see cref="IdentityResult"/> and <see cref="Refusal"/>.</summary>
public static class IdentityResults
{
    /// <summary>Returns null on success, otherwise the refusal of the first error. The error of a custom validator is
    /// refused under <paramref name="field"/> with the validator's text.</summary>
    public static Refusal? ToRefusal(this IdentityResult result, string field) =>
        result.Succeeded ? null
        : result.Errors.OfType<RefusalError>().FirstOrDefault() is { } known ? known.Refusal
        : Refusal.InvalidField(field, result.Errors.FirstOrDefault()?.Description ?? "This value isn't allowed.");

    /// <summary>Converts a validator's refusal to Identity's result. Null is success.</summary>
    public static IdentityResult ToIdentityResult(this Refusal? refusal) =>
        refusal is null ? IdentityResult.Success : IdentityResult.Failed(new RefusalError(refusal));
}
