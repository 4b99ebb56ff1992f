using System.Text;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.OAuth;

/// <summary>Reads the data that clients send about themselves. Clients are not registered and have no secret (RFC 8252,
/// section 8.4); the user who approves a device decides.</summary>
internal static class Clients
{
    /// <summary>The client id of the command line, used if a request has none.</summary>
    public const string Cli = "adminctl";

    public static bool IsName(string clientId) =>
        clientId.Length is > 0 and <= Limits.ClientId
        && clientId.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');

    /// <summary>Parses a scope parameter (RFC 6749, section 3.3). No scope means full access. Returns null for an
    /// unknown scope.</summary>
    public static DeviceAccess? Access(string? scope)
    {
        var scopes = (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        return scopes.Count == 0 ? DeviceAccess.Full
            : scopes.TrueForAll(Permissions.All.Contains) ? new DeviceAccess(scopes, IsFull: false)
            : null;
    }

    /// <summary>Returns a valid device name. Clients often send the machine's name, so forbidden characters are removed
    /// instead of refused.</summary>
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
