using System.Text.Json;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Audit;

/// <summary>What a sentence about an event needs to know of it: names as they were recorded, and single
/// details.</summary>
public sealed class EventFacts(AuditEntry entry)
{
    private const string UserType = "user";

    private readonly JsonElement? details = entry.Details is { ValueKind: JsonValueKind.Object } given ? given : null;

    /// <summary>The name of the actor; a word where there is none.</summary>
    public string Actor => ActorOf(entry.Actor);

    /// <summary>The name of the target; what it is where it has none.</summary>
    public string Target =>
        entry.Target switch
        {
            { Name: { Length: > 0 } name } => name,
            { Type: UserType } => "Erased user",
            { Type: var type } => $"a {type}",
            null => "an unknown user",
        };

    public bool HasTarget => entry.Target is not null;

    public bool IsAboutUser => entry.Target?.Type == UserType;

    /// <summary>True where people did something to their own account.</summary>
    public bool IsOwn => entry.Actor.Id is { } actor && entry.Target?.Id == actor.ToString();

    /// <summary>True where the actor is a known user, not the program or an unknown caller.</summary>
    public bool IsByUser => entry.Actor.Id is not null;

    /// <summary>The fields that changed, by their plain names.</summary>
    public IReadOnlyList<string> Changed =>
        Find("changes") is { ValueKind: JsonValueKind.Array } changes
            ?
            [
                .. changes
                    .EnumerateArray()
                    .Where(change => change.ValueKind == JsonValueKind.Object && change.TryGetProperty("field", out _))
                    .Select(change => FieldNames.Of(change.GetProperty("field").ToString())),
            ]
            : [];

    /// <summary>The name of an event's actor; a word where there is none.</summary>
    public static string ActorOf(AuditActor actor) =>
        actor switch
        {
            { Type: "system" } => "System",
            { Type: "anonymous" } => "Someone",
            { Name: { Length: > 0 } name } => name,
            _ => "Erased user",
        };

    /// <summary>A detail as text; null where there is none.</summary>
    public string? Text(string name) =>
        Find(name) is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Object) } value ? value.ToString() : null;

    public bool Has(string name) => Text(name) is not null;

    public bool Is(string name) => Find(name) is { ValueKind: JsonValueKind.True };

    /// <summary>A count among the details with its noun: "1 event", "2 events"; null where there is none.</summary>
    public string? Count(string name, string noun) =>
        Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count)
            ? count == 1
                ? $"1 {noun}"
                : $"{count:N0} {noun}s"
            : null;

    /// <summary>The changed fields in a row: "email and username"; three at most are named.</summary>
    public string ChangedFields(string otherwise) =>
        Changed switch
        {
            [] => otherwise,
            [var only] => only,
            [var first, var second] => $"{first} and {second}",
            [var first, var second, var third] => $"{first}, {second} and {third}",
            var many => $"{many[0]}, {many[1]} and {many.Count - 2} more fields",
        };

    private JsonElement? Find(string name) => details?.TryGetProperty(name, out var value) == true ? value : null;
}
