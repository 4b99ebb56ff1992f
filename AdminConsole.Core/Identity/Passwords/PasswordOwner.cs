using AdminConsole.Core.Users;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>What is known of the user whose password is set, and what others would try first therefore.</summary>
public sealed record PasswordOwner(string? Email, string? UserName, string? DisplayName)
{
    private const string Product = "AdminConsole";

    // Initials and the like occur in any password.
    private const int LeastCharacters = 3;

    // A name of many words must not make estimating slow.
    private const int MaxFacts = 50;

    public static PasswordOwner Of(AppUser user) => new(user.Email, user.UserName, user.DisplayName);

    /// <summary>Each text in lower case, whole and in parts, with what it is.</summary>
    internal IReadOnlyDictionary<string, string> KnownTexts()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("the email", Email);
        Add("the username", UserName);
        Add("the name", DisplayName);
        Add("the name of this product", Product);
        Add("the name of this product", "admin console");
        return texts;

        void Add(string kind, string? text)
        {
            foreach (var part in PartsOf(text ?? "").Where(part => part.Length >= LeastCharacters && texts.Count < MaxFacts))
            {
                texts.TryAdd(part.ToLowerInvariant(), kind);
            }
        }
    }

    /// <summary>Whether a password is one of these texts and nothing else.</summary>
    internal bool Is(string password) =>
        new[] { Email, UserName, DisplayName }.Any(text =>
            text is { Length: > 0 } && string.Equals(password, text, StringComparison.OrdinalIgnoreCase)
        );

    // Of "zoe.smith@example.com" also "zoe.smith", "example.com", "zoe", "smith", "example", "com" and
    // "zoesmithexamplecom".
    private static IEnumerable<string> PartsOf(string text)
    {
        var separators = text.Where(letter => !char.IsLetterOrDigit(letter)).Distinct().ToArray();
        return [text, .. text.Split('@'), .. text.Split(separators), string.Concat(text.Where(char.IsLetterOrDigit))];
    }
}
