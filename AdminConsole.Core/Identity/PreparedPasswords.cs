using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Core.Identity;

/// <summary>A password that may be used, as it is stored, and whether known breaches were searched for it.</summary>
internal sealed record AcceptedPassword(string Hash, BreachState Breach)
{
    /// <summary>For the audit log.</summary>
    public string BreachCheck =>
        Breach switch
        {
            BreachState.Clear => "passed",
            BreachState.Unchecked => "unchecked",
            _ => "off",
        };
}

/// <summary>
/// Identity's hasher for passwords that were hashed, or compared with a hash, before the change began. It never
/// computes a hash itself:
/// that takes 20 milliseconds, in which no one else could write. <see cref="AppUserManager.PrepareAsync"/> fills it.
/// </summary>
public sealed class PreparedPasswords : IPasswordHasher<AppUser>
{
    private string? password;
    private AcceptedPassword? accepted;
    private (string Password, string? Hash) verified;

    /// <summary>What the breach rule found out about the password that is being checked.</summary>
    internal BreachState Breach { get; set; } = BreachState.Off;

    /// <summary>The hash of a password that was prepared. Throws where it wasn't.</summary>
    public string HashPassword(AppUser user, string password) => Accepted(password).Hash;

    /// <summary>
    /// Whether this is the password that was compared with this hash and matched. A hash that changed since doesn't
    /// match.
    /// </summary>
    public PasswordVerificationResult VerifyHashedPassword(AppUser user, string hashedPassword, string providedPassword) =>
        verified.Hash is null || verified.Password != providedPassword
            ? throw new InvalidOperationException("Passwords are checked before the change, by PasswordSignIn, which counts failures.")
        : verified.Hash == hashedPassword ? PasswordVerificationResult.Success
        : PasswordVerificationResult.Failed;

    /// <summary>What was prepared for a password. Throws where nothing was.</summary>
    internal AcceptedPassword Accepted(string given) =>
        accepted is not null && given == password
            ? accepted
            : throw new InvalidOperationException("Call PrepareAsync before the change: nothing is hashed inside it.");

    internal void Accept(string given, AcceptedPassword result) => (password, accepted) = (given, result);

    internal void Verified(string given, string? hash) => verified = (given, hash);
}
