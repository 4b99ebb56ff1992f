using System.Text;

namespace AdminConsole.Core.Audit;

/// <summary>Display names of recorded fields and details.</summary>
public static class FieldNames
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["userName"] = "username",
        ["mfaEnabled"] = "2FA",
        ["hasPassword"] = "password set",
        ["newDevice"] = "new browser",
        ["providersUnlinked"] = "identity providers unlinked",
        ["browsersForgotten"] = "trusted browsers removed",
        ["mailsWithdrawn"] = "emails withdrawn",
        ["codesEnded"] = "sign-in codes revoked",
        ["resetLinksEnded"] = "reset links revoked",
        ["mailsRetried"] = "emails retried",
        ["testMail"] = "test email",
        ["permission"] = "permission needed",
        // Events of earlier versions have this name.
        ["door"] = "permission needed",
        ["client"] = "app",
        ["endsOnFirstUse"] = "ends on first use",
        ["secondFactorRoles"] = "roles that require 2FA",
    };

    /// <summary>Returns the display name of a field: <c>sessionsEnded</c> becomes "sessions ended".</summary>
    public static string Of(string field)
    {
        if (Known.TryGetValue(field, out var known))
        {
            return known;
        }

        var text = new StringBuilder();
        foreach (var c in field)
        {
            _ = char.IsUpper(c) && text.Length > 0 ? text.Append(' ').Append(char.ToLowerInvariant(c)) : text.Append(c);
        }

        return text.ToString();
    }
}
