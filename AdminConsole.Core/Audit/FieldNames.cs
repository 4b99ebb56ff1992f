using System.Text;

namespace AdminConsole.Core.Audit;

/// <summary>Names of recorded fields and details as people read them.</summary>
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
        ["door"] = "permission needed",
        ["client"] = "app",
        ["endsOnFirstUse"] = "ends on first use",
        ["secondFactorRoles"] = "roles that require 2FA",
    };

    /// <summary>A plain name in sentence case: <c>sessionsEnded</c> is "sessions ended".</summary>
    public static string Of(string field)
    {
        if (Known.TryGetValue(field, out var known))
        {
            return known;
        }

        var text = new StringBuilder();
        foreach (var letter in field)
        {
            _ = char.IsUpper(letter) && text.Length > 0 ? text.Append(' ').Append(char.ToLowerInvariant(letter)) : text.Append(letter);
        }

        return text.ToString();
    }
}
