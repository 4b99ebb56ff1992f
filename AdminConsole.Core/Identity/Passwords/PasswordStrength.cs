using Zxcvbn.Matcher;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>
/// Estimates how easily a password is guessed, by zxcvbn: common passwords, words, names, dates, keyboard patterns, and
/// texts about the user.
/// </summary>
internal static class PasswordStrength
{
    // Of 0 to 4. Below 3, 10^10 guesses are enough
    // (https://dropbox.tech/security/zxcvbn-realistic-password-strength-estimation).
    private const int LeastScore = 3;

    // The time grows with the square of the length. Up to here it is at most about that of one hash, and a longer
    // password is not weaker.
    private const int MaxCharacters = 64;

    // The library's name for the texts that it is given.
    private const string OwnTexts = "user_inputs";

    // Shorter matches say nothing to a person.
    private const int LeastNamed = 3;

    // Reads its word lists at first use.
    private static readonly Lazy<Zxcvbn.Zxcvbn> Estimator = new(() => new Zxcvbn.Zxcvbn());

    /// <summary>Null where the password is hard enough to guess; otherwise the reason as a sentence. Costly; needs an
    /// invariant culture.</summary>
    public static string? Weakness(string password, PasswordOwner owner)
    {
        var known = owner.KnownTexts();
        var looked = password.Length > MaxCharacters ? password[..MaxCharacters] : password;
        var result = Estimator.Value.EvaluatePassword(looked, known.Keys);
        return result.Score >= LeastScore ? null
            : Reason(result, known) is { } reason ? $"This password is easy to guess: {reason}. Add another word or two."
            : "This password is easy to guess. Add another word or two.";
    }

    // A text about the user comes first, because it surprises; then the longest match.
    private static string? Reason(Zxcvbn.Result result, IReadOnlyDictionary<string, string> known) =>
        result
            .MatchSequence.Where(match => match.Token.Length >= LeastNamed)
            .OrderByDescending(match => match is DictionaryMatch { DictionaryName: OwnTexts })
            .ThenByDescending(match => match.Token.Length)
            .Select(match =>
                match switch
                {
                    DictionaryMatch { DictionaryName: OwnTexts } own =>
                        $"it contains {known.GetValueOrDefault(own.MatchedWord, "a text about the user")}",
                    DictionaryMatch { DictionaryName: "passwords" } => "it contains a common password",
                    DictionaryMatch { DictionaryName: "surnames" or "male_names" or "female_names" } => "it contains a common name",
                    DictionaryMatch => "it contains a common word",
                    SpatialMatch => "it follows a keyboard pattern",
                    RepeatMatch => "it repeats a character",
                    SequenceMatch => "it contains a sequence such as abc or 123",
                    DateMatch => "it contains a date",
                    { Pattern: "year" } => "it contains a year",
                    { Pattern: "digits" } => "it contains a long number",
                    _ => null,
                }
            )
            .FirstOrDefault(reason => reason is not null);
}
