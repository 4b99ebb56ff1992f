using System.Text.Json;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Audit;

/// <summary>The facts of an event that its sentence uses: the recorded names, and single details.</summary>
public sealed class EventFacts(AuditEntry entry)
{
    private const string UserType = "user";

    private readonly JsonElement? details = entry.Details is { ValueKind: JsonValueKind.Object } given ? given : null;

    /// <summary>The name of the actor, or a generic term if there is none.</summary>
    public string Actor => ActorOf(entry.Actor);

    /// <summary>The name of the target, or its type if it has no name.</summary>
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

    /// <summary>True when users act on their own account.</summary>
    public bool IsOwn => entry.Actor.Id is { } actor && entry.Target?.Id == actor.ToString();

    /// <summary>True when the actor is a known user, and not the system or an anonymous caller.</summary>
    public bool IsByUser => entry.Actor.Id is not null;

    /// <summary>The display names of the fields that changed.</summary>
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

    /// <summary>Returns the name of an actor, or a generic term if there is none.</summary>
    public static string ActorOf(AuditActor actor) =>
        actor switch
        {
            { Type: "system" } => "System",
            { Type: "anonymous" } => "Someone",
            { Name: { Length: > 0 } name } => name,
            _ => "Erased user",
        };

    /// <summary>Returns a detail as text; null if it is missing or an object.</summary>
    public string? Text(string name) =>
        Find(name) is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Object) } value ? value.ToString() : null;

    public bool Has(string name) => Text(name) is not null;

    public bool Is(string name) => Find(name) is { ValueKind: JsonValueKind.True };

    /// <summary>Returns a numeric detail with its noun, such as "1 event" or "2 events", or null.</summary>
    public string? Count(string name, string noun) =>
        Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count)
            ? count == 1
                ? $"1 {noun}"
                : $"{count:N0} {noun}s"
            : null;

    /// <summary>Returns the changed fields as a phrase, such as "email and username"; names at most three.</summary>
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
