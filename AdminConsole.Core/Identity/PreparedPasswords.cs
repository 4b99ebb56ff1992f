using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Core.Identity;

/// <summary>The hash of a password that passed every rule, and the result of its breach check.</summary>
internal sealed record AcceptedPassword(string Hash, BreachState Breach)
{
    /// <summary>The result of the breach check, as recorded in the audit log.</summary>
    public string BreachCheck =>
        Breach switch
        {
            BreachState.Clear => "passed",
            BreachState.Unchecked => "unchecked",
            _ => "off",
        };
}

/// <summary>Identity's hasher for passwords that were hashed or verified before the change began. It never computes a
/// hash: that takes 20 milliseconds, during which no other change could be written.
/// <see cref="AppUserManager.PrepareAsync"/> fills it.</summary>
public sealed class PreparedPasswords : IPasswordHasher<AppUser>
{
    private string? password;
    private AcceptedPassword? accepted;
    private (string Password, string? Hash) verified;

    /// <summary>The result of the breach rule for the password that is being checked.</summary>
    internal BreachState Breach { get; set; } = BreachState.Off;

    /// <summary>Returns the hash of a prepared password. Throws if the password was not prepared.</summary>
    public string HashPassword(AppUser user, string password) => GetAccepted(password).Hash;

    /// <summary>Succeeds if the password was verified against this hash before the change. Fails if the hash has
    /// changed since. Throws if the password was not verified.</summary>
    public PasswordVerificationResult VerifyHashedPassword(AppUser user, string hashedPassword, string providedPassword) =>
        verified.Hash is null || verified.Password != providedPassword
            ? throw new InvalidOperationException("Verify the password before the change with PasswordSignIn, which counts failures.")
        : verified.Hash == hashedPassword ? PasswordVerificationResult.Success
        : PasswordVerificationResult.Failed;

    /// <summary>Returns the hash and breach check of a prepared password. Throws if the password was not
    /// prepared.</summary>
    internal AcceptedPassword GetAccepted(string given) =>
        accepted is not null && given == password
            ? accepted
            : throw new InvalidOperationException("Call PrepareAsync before the change. Passwords are not hashed inside a change.");

    internal void Accept(string given, AcceptedPassword result) => (password, accepted) = (given, result);

    internal void SetVerified(string given, string? hash) => verified = (given, hash);
}
