using System.Text.Json.Nodes;
using AdminConsole.Core.Contracts;
using Microsoft.OpenApi;

namespace AdminConsole.Endpoints.OpenApi;

/// <summary>Describes the parameters in paths, queries and headers.</summary>
internal static class ApiParameters
{
    private static readonly string[] Sorts = ["email", "userName", "displayName", "createdAt", "updatedAt", "lastSignInAt"];

    private const string Cursor = "The `next` of the previous page.";
    private const string Limit = "The maximum number of items.";

    private static readonly Dictionary<(string Tag, string Name), string> Descriptions = new()
    {
        [("Users", "id")] = "The user's id.",
        [("Users", "sid")] = "The session's id.",
        [("Users", "role")] = "The role's name, in any case. In the list: only users with this role.",
        [("Users", "search")] =
            "Any part of the email, username or display name, in any case. "
            + "Two characters match the start of any of them. "
            + "One character matches only the start of the email, or of the username of an account without an email.",
        [("Users", "login")] = "Only the user who signs in with exactly this email or username, in any case.",
        [("Users", "status")] =
            $"Only users with this status: {string.Join(", ", UserStatuses.DisplayNames.Keys.Select(status => $"`{status}`"))}.",
        [("Users", "source")] =
            "Only users of this source: `local` for accounts without an identity provider, or the name or id of an identity "
            + "provider that they are linked to.",
        [("Users", "mfa")] = "True: only users with an authenticator app. False: only users without one.",
        [("Users", "neverSignedIn")] = "True: only users who never signed in. False: only users who did.",
        [("Users", "inactiveDays")] = "Only users who have not signed in for this many days, or never.",
        [("Users", "active")] = "True: only active users. False: only deactivated and locked-down users.",
        [("Users", "sort")] = "The field to sort by; a leading - sorts in descending order. Default: email.",
        [("Users", "cursor")] = "The `next` of the previous page, with the same filters and sort.",
        [("Users", "limit")] = Limit,
        [("Users", "bom")] =
            "True: begin with a byte-order mark, which Excel needs to read UTF-8. Other readers may treat it as part of "
            + "the first column's name.",
        [("Users", "dryRun")] = "True: write nothing, only report what would happen.",
        [("Cli", "os")] = "`linux`, `macos`, `windows`, or `any` for the .NET tool package; also the output of `uname -s`. Default: linux.",
        [("Cli", "arch")] = "`x64`, `arm64`, or `any`; also the output of `uname -m`. Default: x64.",
        [("Roles", "name")] = "The role's name, in any case.",
        [("Roles", "moveTo")] = "The role that users with the deleted role get instead.",
        [("Settings", "role")] = "A role that would require a second factor. Repeat it for each role.",
        [("Directory", "id")] = "The identity provider's id.",
        [("Directory", "role")] = "A role that would require an identity provider. Repeat it for each role.",
        [("Directory", "cursor")] = Cursor,
        [("Directory", "limit")] = Limit,
        [("Roles", "cursor")] = Cursor,
        [("Roles", "limit")] = Limit,
        [("Sessions", "cursor")] = Cursor,
        [("Sessions", "limit")] = Limit,
        [("AdminSessions", "id")] = "The session's id.",
        [("AdminSessions", "search")] = "Any part of the user's names, the IP address or the user agent.",
        [("AdminSessions", "user")] = "Only sessions of this user.",
        [("AdminSessions", "cursor")] = "The `next` of the previous page, with the same filters.",
        [("AdminSessions", "limit")] = Limit,
        [("Devices", "cursor")] = Cursor,
        [("Devices", "limit")] = Limit,
        [("Tokens", "cursor")] = Cursor,
        [("Tokens", "limit")] = Limit,
        [("AuditViews", "id")] = "The saved view's id.",
        [("AuditViews", "cursor")] = Cursor,
        [("AuditViews", "limit")] = Limit,
        [("Mail", "id")] = "The email's id.",
        [("AdminTokens", "expiring")] = "True: only active tokens that expire within a week.",
        [("Audit", "bom")] = "CSV only. True: begin with a byte-order mark, which Excel needs to read UTF-8.",
        [("Sessions", "id")] = "The session's id.",
        [("Devices", "id")] = "The device's id.",
        [("Tokens", "id")] = "The token's id.",
        [("AdminTokens", "id")] = "The token's id.",
        [("AdminTokens", "search")] = "Any part of the owner's names or the token's name, or the start of its prefix.",
        [("AdminTokens", "owner")] = "Only tokens of this user.",
        [("AdminTokens", "state")] = "Only tokens in this state.",
        [("AdminTokens", "stale")] = "True: only active tokens that were not used for 90 days.",
        [("AdminTokens", "cursor")] = "The `next` of the previous page, with the same filters.",
        [("AdminTokens", "limit")] = Limit,
        [("Audit", "id")] = "The event's number.",
        [("Audit", "action")] = "An action such as `user.created`, a group with a trailing dot such as `user.`, or several with commas.",
        [("Audit", "actor")] = "The actor: a user's id, or any part of the name recorded with the event.",
        [("Audit", "target")] = "The target: an id, or any part of the name recorded with the event.",
        [("Audit", "session")] = "Only events of this session or this token.",
        [("Audit", "request")] = "Only events of this request.",
        [("Audit", "batch")] = "Only events of this batch.",
        [("Audit", "ip")] = "Only events from this IP address.",
        [("Audit", "from")] = "Only events at or after this time: an ISO 8601 date (00:00 UTC), or a date and time with an offset or `Z`.",
        [("Audit", "to")] = "Only events before this time, in the same format.",
        [("Audit", "search")] = "Any part of the names, action, IP address or details, in any case.",
        [("Audit", "before")] = "Only events with a smaller number: the `next` of the previous page.",
        [("Audit", "format")] = "The format of the file: `csv` (default) or `ndjson`.",
        [("Audit", "Last-Event-ID")] = "The `id` of the last event received, to resume after it. If omitted, the newest event comes first.",
        [("Audit", "limit")] = Limit,
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
