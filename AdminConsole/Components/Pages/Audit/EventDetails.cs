using System.Text.Encodings.Web;
using System.Text.Json;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>What one field was and is. Of a list, only what was taken out and what was put in.</summary>
public sealed record FieldDiff(string Field, IReadOnlyList<string> Old, IReadOnlyList<string> New);

/// <summary>The details of an event as people read them.</summary>
public static class EventDetails
{
    private const string Changes = "changes";
    private const int ShortValue = 40;

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Field by field, from <c>details.changes</c>.</summary>
    public static IReadOnlyList<FieldDiff> DiffsOf(AuditEntry entry) =>
        entry.Details is { ValueKind: JsonValueKind.Object } details && details.TryGetProperty(Changes, out var changes) && changes.ValueKind == JsonValueKind.Array
            ? [.. changes.EnumerateArray().Where(change => change.ValueKind == JsonValueKind.Object).Select(Diff)]
            : [];

    /// <summary>Everything else there is, by its name.</summary>
    public static IEnumerable<(string Name, string Value)> FactsOf(AuditEntry entry) => entry.Details switch
    {
        { ValueKind: JsonValueKind.Object } details => details.EnumerateObject().Where(member => member.Name != Changes).Select(member => (member.Name, Text(member.Value))),
        { ValueKind: not JsonValueKind.Null } value => [("details", Text(value))],
        _ => [],
    };

    /// <summary>In one line, for the table.</summary>
    public static string Summary(AuditEntry entry) => string.Join(", ",
        DiffsOf(entry).Select(diff => $"{diff.Field}: {Short(diff.Old)} → {Short(diff.New)}")
            .Concat(FactsOf(entry).Where(fact => fact.Value.Length > 0).Select(fact => $"{fact.Name}: {Cut(fact.Value)}")));

    /// <summary>The event as the API gives it.</summary>
    public static string Json(AuditEntry entry) => JsonSerializer.Serialize(entry, Indented);

    private static FieldDiff Diff(JsonElement change)
    {
        var field = change.TryGetProperty("field", out var name) ? name.ToString() : "";
        var (old, now) = (Values(change, "old"), Values(change, "new"));
        return IsList(change, "old") && IsList(change, "new")
            ? new FieldDiff(field, [.. old.Except(now)], [.. now.Except(old)])
            : new FieldDiff(field, old, now);
    }

    private static bool IsList(JsonElement change, string member) => change.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array;

    private static List<string> Values(JsonElement change, string member) =>
        !change.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Text)]
        : [Text(value)];

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        _ => value.ToString(),
    };

    private static string Short(IReadOnlyList<string> values) => values.Count == 0 ? "nothing" : Cut(string.Join(", ", values));

    private static string Cut(string text) => text.Length > ShortValue ? text[..ShortValue] + "…" : text;
}
