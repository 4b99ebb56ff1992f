using System.Globalization;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Audit;

/// <summary>Builds descriptive file names for exports, such as <c>audit_role-changes_until-2026-11-24.csv</c>. They
/// contain no user names and no search text.</summary>
public static class AuditFileName
{
    private const string Day = "yyyy-MM-dd";

    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        [AuditActions.SignInFailed] = "failed-sign-ins",
        [AuditActions.TokenRevoked] = "token-revocations",
        ["auth."] = "sign-ins",
        ["user."] = "users",
        ["role."] = "roles",
        ["session."] = "sessions",
        ["token."] = "tokens",
        ["device."] = "devices",
        ["settings."] = "settings",
        ["audit."] = "audit",
        ["backup."] = "backups",
    };

    /// <summary>Returns the file name for an export of the query's events.</summary>
    /// <param name="query">The filters.</param>
    /// <param name="format"><c>csv</c> or <c>ndjson</c>; null means <c>csv</c>.</param>
    /// <param name="now">The time of the export, which ends the range when the query does not.</param>
    public static string Of(AuditQuery query, string? format, DateTimeOffset now)
    {
        List<string> parts = ["audit", .. Filters(query), Range(query, now)];
        return string.Join('_', parts) + (format == "ndjson" ? ".ndjson" : ".csv");
    }

    private static IEnumerable<string> Filters(AuditQuery query)
    {
        if (!string.IsNullOrEmpty(query.Action))
        {
            yield return OfActions(query.Action);
        }

        (string Name, bool IsGiven)[] others =
        [
            ("by-actor", query.Actor is not null),
            ("by-target", query.Target is not null),
            ("one-session", query.Session is not null),
            ("one-request", query.Request is not null),
            ("one-batch", query.Batch is not null),
            ("one-ip", query.Ip is not null),
            ("search", query.Search is not null),
        ];
        foreach (var (name, _) in others.Where(other => other.IsGiven))
        {
            yield return name;
        }
    }

    private static string OfActions(string filter)
    {
        if (Known.TryGetValue(filter, out var known))
        {
            return known;
        }

        var actions = AuditActions.IsGroup(filter) ? AuditActions.Expand(filter) : [filter];
        return actions.TrueForAll(action => action.Contains("role", StringComparison.Ordinal)) ? "role-changes"
            : actions is [var only] && AuditActionTexts.Find(only) is { } text ? text.Name.ToLowerInvariant().Replace(' ', '-')
            : "selected-actions";
    }

    // Days are in UTC. The end is exclusive, so a range that ends at midnight ends on the day before.
    private static string Range(AuditQuery query, DateTimeOffset now)
    {
        var end = query.To?.UtcDateTime ?? now.UtcDateTime;
        var last = query.To is null || end == DateTime.MinValue ? end : end.AddTicks(-1);
        return query.From?.UtcDateTime is not { } first ? $"until-{Write(last)}"
            : first.Date == last.Date ? Write(last)
            : $"{Write(first)}_{Write(last)}";
    }

    private static string Write(DateTime time) => time.ToString(Day, CultureInfo.InvariantCulture);
}
