using AdminConsole.Core.Users;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>The names of the user whose password is set. Attackers try texts derived from them first.</summary>
public sealed record PasswordOwner(string? Email, string? UserName, string? DisplayName)
{
    private const string Product = "AdminConsole";

    // Shorter texts, such as initials, occur in any password.
    private const int MinCharacters = 3;

    // Limits the time of the estimate for a name with many words.
    private const int MaxTexts = 50;

    public static PasswordOwner Of(AppUser user) => new(user.Email, user.UserName, user.DisplayName);

    /// <summary>Returns the known texts and their parts in lower case, each with a description.</summary>
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
            foreach (var part in PartsOf(text ?? "").Where(part => part.Length >= MinCharacters && texts.Count < MaxTexts))
            {
                texts.TryAdd(part.ToLowerInvariant(), kind);
            }
        }
    }

    /// <summary>Returns whether a password equals one of the user's names.</summary>
    internal bool Is(string password) =>
        new[] { Email, UserName, DisplayName }.Any(text =>
            text is { Length: > 0 } && string.Equals(password, text, StringComparison.OrdinalIgnoreCase)
        );

    // "zoe.smith@example.com" also yields "zoe.smith", "example.com", "zoe", "smith", "example", "com" and
    // "zoesmithexamplecom".
    private static IEnumerable<string> PartsOf(string text)
    {
        var separators = text.Where(character => !char.IsLetterOrDigit(character)).Distinct().ToArray();
        return [text, .. text.Split('@'), .. text.Split(separators), string.Concat(text.Where(char.IsLetterOrDigit))];
    }
}
