using System.Security.Cryptography;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>The rules for new passwords: 12 to 128 characters with at least one letter and one digit. The settings can
/// raise the minimum length. The user's own names and the 10,000 most common passwords are refused.</summary>
public static class PasswordPolicy
{
    /// <summary>The lowest minimum length that the settings allow.</summary>
    public const int MinimumLength = 12;

    /// <summary>Returns the rules in one sentence, for hints.</summary>
    public static string Hint(SystemSettings settings) =>
        $"At least {settings.PasswordMinimumLength} "
        + $"characters{(settings.PasswordMinimumLength < 15 ? " (15+ recommended)" : "")}, with a letter and a number.";

    /// <summary>Generates a random password that meets the rules. It is easy to read aloud and has no look-alike
    /// characters.</summary>
    public static string Generate(SystemSettings settings)
    {
        const string Letters = "abcdefghijkmnpqrstuvwxyz";
        const string Digits = "23456789";
        var groups = Math.Max(4, (settings.PasswordMinimumLength / 5) + 1);
        var words = Enumerable.Range(0, groups).Select(_ => RandomNumberGenerator.GetString(Letters, 4));
        return string.Join('-', words) + RandomNumberGenerator.GetString(Digits, 2);
    }

    /// <summary>Returns null if the password meets the rules, otherwise the refusal under the field's name.</summary>
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
