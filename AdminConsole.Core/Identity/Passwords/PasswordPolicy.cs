using System.Security.Cryptography;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>
/// The rules for a password, wherever one is set: 12 (or as many as the settings say) to 128 characters with a letter
/// and a digit, not the
/// user's own name, not one of the 10,000 most common.
/// </summary>
public static class PasswordPolicy
{
    /// <summary>The least that the settings can ask for.</summary>
    public const int MinimumLength = 12;

    /// <summary>The rule in one sentence, for hints.</summary>
    public static string Hint(SystemSettings settings) =>
        $"At least {settings.PasswordMinimumLength} "
        + $"characters{(settings.PasswordMinimumLength < 15 ? " (15+ recommended)" : "")}, with a letter and a number.";

    /// <summary>A random password that meets the rule: easy to read out, without look-alike characters.</summary>
    public static string Generate(SystemSettings settings)
    {
        const string Letters = "abcdefghijkmnpqrstuvwxyz";
        const string Digits = "23456789";
        var groups = Math.Max(4, (settings.PasswordMinimumLength / 5) + 1);
        var words = Enumerable.Range(0, groups).Select(_ => RandomNumberGenerator.GetString(Letters, 4));
        return string.Join('-', words) + RandomNumberGenerator.GetString(Digits, 2);
    }

    /// <summary>Null when the password may be used; otherwise what is wrong with it, under the field's name.</summary>
    internal static Refusal? Check(string password, int minimumLength, string field, PasswordOwner owner)
    {
        if (password.Length < minimumLength || password.Length > Limits.Password)
        {
            return Refusal.InvalidField(field, $"Use {minimumLength} to {Limits.Password} characters.");
        }

        if (!password.Any(char.IsLetter) || !password.Any(char.IsDigit))
        {
            return Refusal.InvalidField(field, "Use at least one letter and one number.");
        }

        if (owner.Is(password))
        {
            return Refusal.InvalidField(field, "Your password can't be your name or email.");
        }

        return CommonPasswords.Contains(password)
            ? Refusal.InvalidField(field, "This is one of the 10,000 most common passwords. Choose another.")
            : null;
    }
}
