using System.Text.Encodings.Web;
using System.Text.Json;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>The old and new value of a changed field. For a list, only the removed and the added items.</summary>
public sealed record FieldDiff(string Field, IReadOnlyList<string> Old, IReadOnlyList<string> New);

/// <summary>Formats the details of an audit event for display.</summary>
public static class EventDetails
{
    private const string Changes = "changes";

    // The length of "2026-11-29T23:49:40Z". Shorter values, such as dates, are not formatted as times.
    private const int TimeLength = 20;

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Returns the changed fields, from <c>details.changes</c>.</summary>
    public static IReadOnlyList<FieldDiff> DiffsOf(AuditEntry entry) =>
        entry.Details is { ValueKind: JsonValueKind.Object } details
        && details.TryGetProperty(Changes, out var changes)
        && changes.ValueKind == JsonValueKind.Array
            ? [.. changes.EnumerateArray().Where(change => change.ValueKind == JsonValueKind.Object).Select(Diff)]
            : [];

    /// <summary>Returns all other details by name.</summary>
    public static IEnumerable<(string Name, string Value)> DetailsOf(AuditEntry entry) =>
        entry.Details switch
        {
            { ValueKind: JsonValueKind.Object } details => details
                .EnumerateObject()
                .Where(member => member.Name != Changes)
                .Select(member => (Title(member.Name), Text(member.Value))),
            { ValueKind: not JsonValueKind.Null } value => [("Details", Text(value))],
            _ => [],
        };

    /// <summary>Returns the event as JSON, as the API does.</summary>
    public static string Json(AuditEntry entry) => JsonSerializer.Serialize(entry, Indented);

    private static FieldDiff Diff(JsonElement change)
    {
        var field = change.TryGetProperty("field", out var name) ? Title(name.ToString()) : "";
        var (old, now) = (Values(change, "old"), Values(change, "new"));
        return IsList(change, "old") && IsList(change, "new")
            ? new FieldDiff(field, [.. old.Except(now)], [.. now.Except(old)])
            : new FieldDiff(field, old, now);
    }

    private static bool IsList(JsonElement change, string member) =>
        change.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array;

    private static List<string> Values(JsonElement change, string member) =>
        !change.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Text)]
        : [Text(value)];

    private static string Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => "Yes",
            JsonValueKind.False => "No",
            JsonValueKind.Null => "",
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
            JsonValueKind.String when value.GetString() is { Length: >= TimeLength } && value.TryGetDateTimeOffset(out var at) =>
                RelativeTime.Exact(at),
            _ => value.ToString(),
        };

    private static string Title(string field) =>
        FieldNames.Of(field) is [var first, .. var rest] ? char.ToUpperInvariant(first) + rest : field;
}
