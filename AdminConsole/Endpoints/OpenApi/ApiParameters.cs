using System.Text.Json.Nodes;
using AdminConsole.Core.Contracts;
using Microsoft.OpenApi;

namespace AdminConsole.Endpoints.OpenApi;

/// <summary>Describes the parameters in paths, queries and headers.</summary>
internal static class ApiParameters
{
    private static readonly string[] Sorts = ["email", "userName", "displayName", "createdAt", "updatedAt", "lastSignInAt"];

    private const string Cursor = "The `next` of the page before.";
    private const string Limit = "How many at most.";

    private static readonly Dictionary<(string Tag, string Name), string> Descriptions = new()
    {
        [("Users", "id")] = "The user's id.",
        [("Users", "sid")] = "The session's id.",
        [("Users", "role")] = "A role's name, in any case. In the list: only holders of it.",
        [("Users", "search")] =
            "Any part of email, username or display name, in any case. "
            + "Two characters match the start of any of them. "
            + "One character matches only the start of the email, or of the username of an account without an email.",
        [("Users", "login")] = "Only the user who signs in with exactly this: the whole email, or the whole username, in any case.",
        [("Users", "status")] =
            $"Only users with this status: {string.Join(", ", UserStatuses.Words.Keys.Select(status => $"`{status}`"))}.",
        [("Users", "mfa")] = "Only users with an authenticator app, or only those without.",
        [("Users", "neverSignedIn")] = "Only users who never signed in, or only those who did.",
        [("Users", "inactiveDays")] = "Only users who did not sign in for this many days, or never.",
        [("Users", "active")] = "Only active users, or only deactivated and locked-down ones.",
        [("Users", "sort")] = "What to sort by; a leading - sorts descending. Left out: email.",
        [("Users", "cursor")] = "The `next` of the page before, with the same filters and sort.",
        [("Users", "limit")] = "How many at most.",
        [("Users", "bom")] =
            "True: begin with a byte-order mark, which Excel needs to read UTF-8; other readers may take it for a part of "
            + "the first column's name.",
        [("Users", "dryRun")] = "True: write nothing, say what would happen.",
        [("Cli", "os")] = "`linux`, `macos`, `windows`, or `any` for the .NET tool package; also as `uname -s` says it. Left out: linux.",
        [("Cli", "arch")] = "`x64`, `arm64`, or `any`; also as `uname -m` says it. Left out: x64.",
        [("Roles", "name")] = "The role's name, in any case.",
        [("Roles", "moveTo")] = "The role that holders of the deleted one get instead.",
        [("Settings", "role")] = "A role that shall require a second factor; once for each.",
        [("Roles", "cursor")] = Cursor,
        [("Roles", "limit")] = Limit,
        [("Sessions", "cursor")] = Cursor,
        [("Sessions", "limit")] = Limit,
        [("AdminSessions", "id")] = "The session's id.",
        [("AdminSessions", "search")] = "Any part of the user's names, the IP address or the user agent.",
        [("AdminSessions", "user")] = "Only this user's.",
        [("AdminSessions", "cursor")] = "The `next` of the page before, with the same filters.",
        [("AdminSessions", "limit")] = Limit,
        [("Devices", "cursor")] = Cursor,
        [("Devices", "limit")] = Limit,
        [("Tokens", "cursor")] = Cursor,
        [("Tokens", "limit")] = Limit,
        [("AuditViews", "id")] = "The saved view's id.",
        [("AuditViews", "cursor")] = Cursor,
        [("AuditViews", "limit")] = Limit,
        [("Mail", "id")] = "The mail's id.",
        [("AdminTokens", "expiring")] = "True: only those that work and expire within a week.",
        [("Audit", "bom")] = "Of a CSV file. True: begin with a byte-order mark, which Excel needs to read UTF-8.",
        [("Sessions", "id")] = "The session's id.",
        [("Devices", "id")] = "The device's id.",
        [("Tokens", "id")] = "The token's id.",
        [("AdminTokens", "id")] = "The token's id.",
        [("AdminTokens", "search")] = "Any part of the owner's names or the token's name, or the beginning of its prefix.",
        [("AdminTokens", "owner")] = "Only this user's.",
        [("AdminTokens", "state")] = "Only those in this state.",
        [("AdminTokens", "stale")] = "True: only those that work and were not used for 90 days.",
        [("AdminTokens", "cursor")] = "The `next` of the page before, with the same filters.",
        [("AdminTokens", "limit")] = "How many at most.",
        [("Audit", "id")] = "The event's number.",
        [("Audit", "action")] = "An action such as `user.created`, a group with a trailing dot such as `user.`, or several with commas",
        [("Audit", "actor")] = "Who did it: a user's id, or any part of the name written down with the event.",
        [("Audit", "target")] = "To whom or what: an id, or any part of the name written down with the event.",
        [("Audit", "session")] = "Only what was done in this session, or with this token.",
        [("Audit", "request")] = "Only what this request did.",
        [("Audit", "batch")] = "Only what belongs to this batch.",
        [("Audit", "ip")] = "Only from this address.",
        [("Audit", "from")] = "Not before this time: an ISO 8601 date (00:00 UTC), or a date and time with its offset or `Z`.",
        [("Audit", "to")] = "Before this time, written the same way.",
        [("Audit", "search")] = "Any part of names, action, address or details, in any case.",
        [("Audit", "before")] = "Only events with a smaller number: the `next` of the page before.",
        [("Audit", "format")] = "Of the file: `csv`, which it is where left out, or `ndjson`.",
        [("Audit", "Last-Event-ID")] = "The `id` of the last event that came, to go on after it. Left out, the newest event comes first.",
        [("Audit", "limit")] = "How many at most.",
    };

    public static void Describe(string tag, OpenApiParameter parameter)
    {
        parameter.Description = Descriptions.GetValueOrDefault((tag, parameter.Name!));
        if (parameter.Schema is not OpenApiSchema schema)
        {
            return;
        }

        if (parameter.Name == "limit")
        {
            (schema.Minimum, schema.Maximum, schema.Default) = ("1", Limits.MaxPageSize.ToString(), Limits.PageSize);
        }
        else if (parameter.Name == "format")
        {
            schema.Enum = ["csv", "ndjson"];
        }
        else if (parameter is { Name: "from" or "to" })
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        }
        else if (parameter.Name == "state")
        {
            schema.Enum = [.. Core.Tokens.TokenStates.All.Select(state => (JsonNode)state)];
        }
        else if (parameter.Name == "sort")
        {
            schema.Enum = [.. Sorts.SelectMany(sort => new JsonNode[] { sort, "-" + sort })];
        }
    }
}
