using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Http;

/// <summary>Sends unexpected values to every route of the OpenAPI document.</summary>
public abstract partial class FuzzTests(AdminApp app)
{
    // Not a multiple of the values per name (3), so that the share of each route has every kind of value.
    private const int HeaderShares = 7;

    private static readonly Dictionary<string, string> Usual = new()
    {
        ["email"] = "fuzz@example.com",
        ["login"] = "fuzz",
        ["name"] = "fuzz",
        ["password"] = TestData.Password,
        ["token"] = "x",
    };

    [Fact]
    public async Task No_input_causes_a_5xx()
    {
        using var caller = app.Anonymous();
        var errorsAtStart = app.Log.Errors.Count();
        var document = (await caller.GetAsync("/openapi/v1.json")).Is(200).Json;
        var failures = new List<string>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (
                var operation in path
                    .Value.EnumerateObject()
                    .Where(member => member.Name is "get" or "post" or "put" or "patch" or "delete")
            )
            {
                // Wrong passwords lock the account, so each route has a separate one.
                var admin = (await app.SignedInUserAsync("Admin")).Caller;
                var victim = await app.CreateUserAsync();
                foreach (var (url, body) in Requests(path.Name, operation.Value, document, victim))
                {
                    var answer = await admin.SendAsync(new HttpMethod(operation.Name.ToUpperInvariant()), url, body);
                    if (!IsAnsweredWell(answer, path.Name))
                    {
                        failures.Add(
                            $"{operation.Name} {url[..Math.Min(url.Length, 200)]} {$"{body}"[..Math.Min($"{body}".Length, 100)]} -> "
                                + $"{answer.Status} {answer.ContentType} {answer.Text}"
                        );
                    }
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(20)));
        Assert.Empty(app.Log.Errors.Skip(errorsAtStart));
    }

    [Fact]
    public async Task No_header_causes_a_5xx()
    {
        using var anonymous = app.Anonymous();
        var errorsAtStart = app.Log.Errors.Count();
        var document = (await anonymous.GetAsync("/openapi/v1.json")).Is(200).Json;
        var failures = new List<string>();
        var turn = 0;
        foreach (
            var (path, operation) in document
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation)))
        )
        {
            var admin = (await app.SignedInUserAsync("Admin")).Caller;
            var victim = await app.CreateUserAsync();
            var url = Placeholder().Replace(path.Replace("{id}", victim.Id.ToString(), StringComparison.Ordinal), "User");
            var takesBody = operation.Value.TryGetProperty("requestBody", out _);
            // Many routes share the code that reads a header, so each route gets a share of the headers and each header
            // a share of the routes.
            foreach (var (name, value) in OddHeaders.All.Where((_, index) => index % HeaderShares == turn % HeaderShares))
            {
                var answer = await admin.SendAsync(
                    new HttpMethod(operation.Name.ToUpperInvariant()),
                    url,
                    Body(takesBody, name, value),
                    name == "Content-Type" ? [] : [(name, value)]
                );
                // Range and conditional requests may get 206, 304, 412 or 416 without a problem document.
                if (answer.Status is not (206 or 304 or 412 or 416) && !IsAnsweredWell(answer, path))
                {
                    failures.Add(
                        $"{operation.Name} {path} {name}: {value[..Math.Min(value.Length, 50)]} -> {answer.Status} {answer.ContentType} "
                            + $"{answer.Text}"
                    );
                }
            }

            turn++;
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(20)));
        Assert.Empty(app.Log.Errors.Skip(errorsAtStart));
    }

    private static StringContent? Body(bool isTaken, string header, string value)
    {
        if (!isTaken)
        {
            return null;
        }

        var content = new StringContent("{}", Encoding.UTF8, "application/json");
        if (header == "Content-Type")
        {
            content.Headers.Remove(header);
            content.Headers.TryAddWithoutValidation(header, value);
        }

        return content;
    }

    // Kestrel refuses an unparsable request before the program sees it, without a body.
    private static bool IsAnsweredWell(ApiResponse answer, string path) =>
        answer.Status < 300
        || (
            answer.Status < 500
            && answer.Status >= 400
            && (
                answer.ContentType
                    == (path.StartsWith("/oauth/", StringComparison.Ordinal) ? "application/json" : "application/problem+json")
                || (answer.Status == 400 && answer.Text.Length == 0)
            )
        );

    private static IEnumerable<(string Url, object? Body)> Requests(
        string path,
        JsonElement operation,
        JsonElement document,
        UserDetails victim
    )
    {
        var parameters = operation.TryGetProperty("parameters", out var listed) ? listed.EnumerateArray().ToList() : [];
        string Filled(string word) => Placeholder().Replace(path, word.Replace("$", "$$", StringComparison.Ordinal));
        string ForVictim(string word) =>
            Placeholder()
                .Replace(
                    path.Replace("{id}", victim.Id.ToString(), StringComparison.Ordinal),
                    word.Replace("$", "$$", StringComparison.Ordinal)
                );
        var usual = ForVictim("User");

        if (path.Contains('{', StringComparison.Ordinal))
        {
            foreach (var word in FuzzValues.Words.Where(word => word.Length is > 0 and < 1000))
            {
                foreach (var url in new[] { Filled(word), ForVictim(word) }.Distinct().Where(url => url != usual))
                {
                    yield return (url, null);
                }
            }
        }

        foreach (var parameter in parameters.Where(parameter => parameter.GetProperty("in").GetString() == "query"))
        {
            foreach (var word in FuzzValues.Words)
            {
                yield return ($"{usual}?{parameter.GetProperty("name").GetString()}={word}", null);
            }

            foreach (var word in FuzzValues.Repeated)
            {
                yield return (
                    $"{usual}?{parameter.GetProperty("name").GetString()}={word}&{parameter.GetProperty("name").GetString()}={word}",
                    null
                );
            }
        }

        foreach (var word in FuzzValues.Repeated)
        {
            yield return ($"{usual}?{(word.Length == 0 ? "=" : word)}={word}", null);
        }

        if (!operation.TryGetProperty("requestBody", out var requestBody))
        {
            yield return (usual, "{}");
            yield break;
        }

        foreach (var body in FuzzValues.Bodies)
        {
            yield return (usual, body);
        }

        if (!requestBody.GetProperty("content").TryGetProperty("application/json", out _))
        {
            foreach (var text in FuzzValues.Texts.Concat(FuzzValues.Bodies))
            {
                yield return (usual, new StringContent(text, Encoding.UTF8, "text/csv"));
                yield return (usual, new StringContent($"email,roles,active\n{text},{text},{text}\n", Encoding.UTF8, "text/csv"));
            }

            yield break;
        }

        // Valid values for the other fields, so that the refusal is not about missing ones.
        var fields = Fields(requestBody, document).ToList();
        foreach (var field in fields)
        {
            var others = string.Concat(
                Usual.Where(pair => pair.Key != field && fields.Contains(pair.Key)).Select(pair => $"\"{pair.Key}\": \"{pair.Value}\", ")
            );
            foreach (var text in FuzzValues.Texts)
            {
                yield return (usual, $"{{{others}\"{field}\": {text}}}");
            }
        }
    }

    private static IEnumerable<string> Fields(JsonElement requestBody, JsonElement document)
    {
        var schema = requestBody.GetProperty("content").GetProperty("application/json").GetProperty("schema");
        if (schema.TryGetProperty("oneOf", out var alternatives))
        {
            schema = alternatives.EnumerateArray().First(alternative => alternative.TryGetProperty("$ref", out _));
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        return schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().Select(property => property.Name)
            : [];
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    public sealed class OnSqlite(SqliteApp app) : FuzzTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : FuzzTests(app), IClassFixture<PostgresApp>;
}
