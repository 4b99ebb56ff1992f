using AdminConsole.Authorization;
using AdminConsole.Core.Users;

namespace AdminConsole.Components.Pages.Users;

/// <summary>Describes counts of sessions, connected apps and tokens.</summary>
public static class AccessText
{
    /// <summary>Counts the credentials of these users; all counts are 0 if the actor may not see them.</summary>
    public static async Task<AccessCounts> OfAsync(this Scoped<RevocableCredentials> access, params Guid[] users) =>
        (await access.RunAsync((credentials, actor) => credentials.CountAsync(actor, users, default))).Match(
            counts => counts,
            _ => new AccessCounts(0, 0, 0)
        );

    /// <summary>Formats a count: "1 token" or "3 tokens".</summary>
    public static string Count(int count, string noun) => $"{count:N0} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Describes what is revoked: "2 sessions and 1 connected app stop working now."</summary>
    /// <param name="counts">The counts of credentials.</param>
    /// <param name="withTokens">True if access tokens are revoked, too.</param>
    public static string Stops(AccessCounts counts, bool withTokens)
    {
        var parts = Parts(counts, withTokens);
        var total = counts.Sessions + counts.Devices + (withTokens ? counts.Tokens : 0);
        return parts.Count == 0 ? "no open sessions or devices." : $"{Join(parts)} {(total == 1 ? "stops" : "stop")} working now.";
    }

    /// <summary>Describes which credentials a change of permissions affects: ", also in 2 sessions and 3 tokens". Empty
    /// if there are none.</summary>
    public static string Also(AccessCounts counts) =>
        Parts(counts, withTokens: true) is { Count: > 0 } parts ? $", also in {Join(parts)}" : "";

    private static List<string> Parts(AccessCounts counts, bool withTokens) =>
        [
            .. new[] { (counts.Sessions, "session"), (counts.Devices, "connected app"), (withTokens ? counts.Tokens : 0, "token") }
                .Where(part => part.Item1 > 0)
                .Select(part => Count(part.Item1, part.Item2)),
        ];

    private static string Join(List<string> parts) => parts.Count == 1 ? parts[0] : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
}
