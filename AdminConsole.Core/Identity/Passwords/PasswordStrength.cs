using Zxcvbn.Matcher;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>Estimates with zxcvbn how easily a password is guessed. Considers common passwords, words, names, dates,
/// keyboard patterns, and texts about the user.</summary>
internal static class PasswordStrength
{
    // On a scale of 0 to 4. Below 3, 10^10 guesses are enough
    // (https://dropbox.tech/security/zxcvbn-realistic-password-strength-estimation).
    private const int MinScore = 3;

    // The time grows with the square of the length. Up to this length, it is at most about that of one hash. A longer
    // password is not weaker.
    private const int MaxCharacters = 64;

    // The library's name for the texts that the caller supplies.
    private const string OwnTexts = "user_inputs";

    // Shorter matches do not explain anything to the user.
    private const int MinNamed = 3;

    // Loads its word lists on first use.
    private static readonly Lazy<Zxcvbn.Zxcvbn> Estimator = new(() => new Zxcvbn.Zxcvbn());

    /// <summary>Returns null if the password is hard enough to guess, otherwise the reason as a sentence. Expensive;
    /// requires the invariant culture.</summary>
    public static string? Weakness(string password, PasswordOwner owner)
    {
        var known = owner.KnownTexts();
        var examined = password.Length > MaxCharacters ? password[..MaxCharacters] : password;
        var result = Estimator.Value.EvaluatePassword(examined, known.Keys);
        return result.Score >= MinScore ? null
            : Reason(result, known) is { } reason ? $"This password is easy to guess: {reason}. Add another word or two."
            : "This password is easy to guess. Add another word or two.";
    }

    // A text about the user has priority, because users do not expect it; then the longest match.
    private static string? Reason(Zxcvbn.Result result, IReadOnlyDictionary<string, string> known) =>
        result
            .MatchSequence.Where(match => match.Token.Length >= MinNamed)
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
