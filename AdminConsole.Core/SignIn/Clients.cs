using System.Globalization;
using System.Text;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.SignIn;

/// <summary>What a program says of itself. Clients are not registered and have no secret (RFC 8252, 8.4): a person decides, on what they see.</summary>
internal static class Clients
{
    /// <summary>What the command line calls itself, where a request does not say.</summary>
    public const string Cli = "adminctl";

    public static bool IsName(string clientId) => clientId.Length is > 0 and <= Limits.ClientId && clientId.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    /// <summary>The scopes asked for; everything where none are. Null where one of them does not exist.</summary>
    public static List<string>? Scopes(string? asked)
    {
        var scopes = (asked ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        return scopes.Count == 0 ? [.. Permissions.All] : scopes.TrueForAll(Permissions.All.Contains) ? scopes : null;
    }

    /// <summary>A name that hides nothing: no control or formatting characters, which could turn what stands around it, and no halves of letters.</summary>
    public static string DeviceName(string? given, string fallback)
    {
        var name = new StringBuilder();
        foreach (var rune in (given ?? "").EnumerateRunes())
        {
            var isShown = rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            if (isShown && name.Length + rune.Utf16SequenceLength <= Limits.DeviceName)
            {
                name.Append(rune.ToString());
            }
        }

        return name.ToString().Trim() is { Length: > 0 } shown ? shown : fallback;
    }
}
