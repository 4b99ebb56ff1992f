using System.Text;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.OAuth;

/// <summary>What a program says of itself. Clients are not registered and have no secret (RFC 8252, 8.4): a person
/// decides, on what they see.</summary>
internal static class Clients
{
    /// <summary>What the command line calls itself, where a request does not say.</summary>
    public const string Cli = "adminctl";

    public static bool IsName(string clientId) =>
        clientId.Length is > 0 and <= Limits.ClientId
        && clientId.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    /// <summary>Reads a scope parameter (RFC 6749, 3.3). Without one, full access is asked for. Null where a scope does
    /// not exist.</summary>
    public static DeviceAccess? Access(string? scope)
    {
        var scopes = (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        return scopes.Count == 0 ? DeviceAccess.Full
            : scopes.TrueForAll(Permissions.All.Contains) ? new DeviceAccess(scopes, IsFull: false)
            : null;
    }

    /// <summary>A name by the rule for all names. Programs take it from the machine, so what breaks the rule is left
    /// out instead of refused.</summary>
    public static string DeviceName(string? given, string fallback)
    {
        var name = new StringBuilder();
        foreach (
            var rune in NameText
                .Clean(given ?? "")
                .EnumerateRunes()
                .TakeWhile(rune => name.Length + rune.Utf16SequenceLength <= Limits.DeviceName)
        )
        {
            name.Append(rune.ToString());
        }

        return name.ToString().Trim() is { } shown && NameText.HasVisible(shown) ? shown : fallback;
    }
}
