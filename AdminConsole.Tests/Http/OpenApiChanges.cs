using System.Text.Json.Nodes;

namespace AdminConsole.Tests.Http;

/// <summary>
/// Finds the differences between two OpenAPI documents that break a client: a removed operation, parameter, response or
/// member, a changed type, a parameter, body or request member that became required, a request value no longer accepted.
/// </summary>
internal static class OpenApiChanges
{
    private static readonly string[] Methods = ["get", "put", "post", "patch", "delete"];

    public static IReadOnlyList<string> Breaking(JsonNode before, JsonNode after)
    {
        var found = new List<string>();
        foreach (var (path, item) in before["paths"]!.AsObject())
        {
            foreach (var method in Methods.Where(method => item![method] is not null))
            {
                var name = $"{method.ToUpperInvariant()} {path}";
                if (after["paths"]![path]?[method] is { } operation)
                {
                    new Operation(name, before, item![method]!, after, operation, found).Compare();
                }
                else
                {
                    found.Add($"{name} was removed");
                }
            }
        }

        return found;
    }

    private sealed record Operation(string Name, JsonNode OldRoot, JsonNode Old, JsonNode NewRoot, JsonNode New, List<string> Found)
    {
        public void Compare()
        {
            CompareParameters();
            if (IsRequired(New["requestBody"]) && !IsRequired(Old["requestBody"]))
            {
                Found.Add($"{Name}: the body is required now");
            }

            foreach (var (type, content) in Contents(Old["requestBody"]))
            {
                CompareSchemas($"request {type}", content, Contents(New["requestBody"]).GetValueOrDefault(type), isRequest: true, []);
            }

            foreach (var (status, response) in Old["responses"]!.AsObject().Where(response => response.Key[0] == '2'))
            {
                if (New["responses"]![status] is not { } other)
                {
                    Found.Add($"{Name}: response {status} was removed");
                    continue;
                }

                foreach (var (type, content) in Contents(response))
                {
                    CompareSchemas($"{status} {type}", content, Contents(other).GetValueOrDefault(type), isRequest: false, []);
                }
            }
        }

        private void CompareParameters()
        {
            var (before, after) = (Parameters(Old), Parameters(New));
            Found.AddRange(before.Keys.Except(after.Keys).Select(parameter => $"{Name}: parameter {parameter} was removed"));
            foreach (var (name, old) in before.Where(parameter => after.ContainsKey(parameter.Key)))
            {
                CompareSchemas($"parameter {name}", old["schema"], after[name]["schema"], isRequest: true, []);
            }

            Found.AddRange(
                after
                    .Where(parameter => IsRequired(parameter.Value) && !(before.TryGetValue(parameter.Key, out var old) && IsRequired(old)))
                    .Select(parameter => $"{Name}: parameter {parameter.Key} is required now")
            );
        }

        private void CompareSchemas(string where, JsonNode? before, JsonNode? after, bool isRequest, HashSet<string> seen)
        {
            // A schema that contains itself is compared once.
            if (before?["$ref"]?.GetValue<string>() is { } reference && !seen.Add(reference))
            {
                return;
            }

            var (old, now) = (Resolve(OldRoot, before), Resolve(NewRoot, after));
            if (old is null)
            {
                return;
            }

            if (now is null || TypeOf(old) != TypeOf(now))
            {
                Found.Add($"{Name}: {where} was {TypeOf(old)} and is {(now is null ? "gone" : TypeOf(now))}");
                return;
            }

            CompareMembers(where, old, now, isRequest, seen);
            if (isRequest && now["enum"] is not null)
            {
                Found.AddRange(Values(old).Except(Values(now)).Select(value => $"{Name}: {where} no longer accepts {value}"));
            }

            if (old["items"] is { } items)
            {
                CompareSchemas($"{where}[]", items, now["items"], isRequest, seen);
            }
        }

        private void CompareMembers(string where, JsonNode old, JsonNode now, bool isRequest, HashSet<string> seen)
        {
            foreach (var (member, schema) in old["properties"]?.AsObject() ?? [])
            {
                if (now["properties"]?[member] is { } other)
                {
                    CompareSchemas($"{where}.{member}", schema, other, isRequest, [.. seen]);
                }
                else
                {
                    Found.Add($"{Name}: {where}.{member} was removed");
                }
            }

            if (isRequest)
            {
                Found.AddRange(Required(now).Except(Required(old)).Select(member => $"{Name}: {where}.{member} is required now"));
            }
        }
    }

    private static Dictionary<string, JsonNode> Parameters(JsonNode operation) =>
        (operation["parameters"]?.AsArray() ?? []).ToDictionary(
            parameter => $"{parameter!["in"]} {parameter["name"]}",
            parameter => parameter!
        );

    private static bool IsRequired(JsonNode? parameter) => parameter?["required"]?.GetValue<bool>() == true;

    private static Dictionary<string, JsonNode?> Contents(JsonNode? message) =>
        (message?["content"]?.AsObject() ?? []).ToDictionary(content => content.Key, content => content.Value?["schema"]);

    private static IEnumerable<string> Required(JsonNode schema) =>
        (schema["required"]?.AsArray() ?? []).Select(member => member!.GetValue<string>());

    private static IEnumerable<string> Values(JsonNode schema) =>
        (schema["enum"]?.AsArray() ?? []).Select(value => value?.ToJsonString() ?? "null");

    private static JsonNode? Resolve(JsonNode root, JsonNode? schema) =>
        schema?["$ref"]?.GetValue<string>() is { } reference
            ? reference.Split('/').Skip(1).Aggregate(root, (node, part) => node[part]!)
            : schema;

    private static string TypeOf(JsonNode schema) => schema["type"]?.ToJsonString() ?? (schema["oneOf"] is null ? "any" : "one of several");
}
