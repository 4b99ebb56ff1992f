using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AdminConsole.Tests.Architecture;

namespace AdminConsole.Tests.Http;

/// <summary>The API's description is a file of the repository, so that a change to the API shows in review.</summary>
public sealed class OpenApiDocumentTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string Current => Path.Combine(ArchitectureTests.Root, "openapi", "v1.json");

    // scripts/keep-schema.sh copies it there with each release.
    private static string Released => Path.Combine(ArchitectureTests.Root, "openapi", "released", "v1.json");

    [Fact]
    public async Task The_document_in_the_repository_is_the_one_that_is_served() =>
        Assert.True(
            await File.ReadAllTextAsync(Current) == await ServedAsync(),
            "The API has changed. Run 'bash scripts/openapi.sh', review the difference, and commit it."
        );

    [Fact]
    public async Task Every_tag_is_described()
    {
        var document = JsonNode.Parse(await ServedAsync())!;
        var used = document["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject())
            .SelectMany(operation => operation.Value!["tags"]!.AsArray())
            .Select(tag => tag!.GetValue<string>());
        var described = document["tags"]!
            .AsArray()
            .Where(tag => tag!["description"] is not null)
            .Select(tag => tag!["name"]!.GetValue<string>());

        Assert.Equal(used.Distinct().Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_that_a_client_relies_on_is_removed()
    {
        var before = await File.ReadAllTextAsync(File.Exists(Released) ? Released : Current);

        Assert.Empty(OpenApiChanges.Breaking(JsonNode.Parse(before)!, JsonNode.Parse(await ServedAsync())!));
    }

    [Theory]
    [InlineData("""{"paths":{}}""", "GET /a was removed")]
    [InlineData("""{"paths":{"/a":{"get":{"responses":{}}}}}""", "response 200 was removed")]
    [InlineData("""{"paths":{"/a":{"get":{"responses":{"200":{}}}}}}""", "was \"object\" and is gone")]
    [InlineData(
        """{"paths":{"/a":{"get":{"parameters":[{"name":"q","in":"query","required":true}],"responses":{"200":{}}}}}}""",
        "query q is required now"
    )]
    [InlineData("""{"paths":{"/a":{"get":{"responses":{"200":{}}}}}}""", "parameter query s was removed")]
    [InlineData(
        """{"paths":{"/a":{"get":{"parameters":[{"name":"s","in":"query","schema":{"type":"integer"}}],"responses":{}}}}}""",
        "parameter query s was \"string\" and is \"integer\""
    )]
    [InlineData(
        """{"paths":{"/a":{"get":{"parameters":[{"name":"s","in":"query","schema":{"type":"string","enum":["x"]}}],"responses":{}}}}}""",
        "no longer accepts \"y\""
    )]
    [InlineData("""{"paths":{"/a":{"get":{"requestBody":{"required":true},"responses":{}}}}}""", "the body is required now")]
    public void A_breaking_difference_is_found(string after, string expected)
    {
        var before = JsonNode.Parse(
            """
            {"paths":{"/a":{"get":{"parameters":[{"name":"s","in":"query","schema":{"type":"string","enum":["x","y"]}}],
            "responses":{"200":{"content":{"application/json":{"schema":
            {"type":"object","properties":{"id":{"type":"string"}}}}}}}}}}}
            """
        )!;

        Assert.Contains(
            OpenApiChanges.Breaking(before, JsonNode.Parse(after)!),
            found => found.Contains(expected, StringComparison.Ordinal)
        );
        Assert.Empty(OpenApiChanges.Breaking(before, before));
    }

    /// <summary>Run by scripts/openapi.sh.</summary>
    [Fact(Explicit = true)]
    public async Task Write_the_document() => await File.WriteAllTextAsync(Current, await ServedAsync());

    private async Task<string> ServedAsync()
    {
        using var caller = app.Anonymous();
        var document = JsonNode.Parse((await caller.GetAsync("/openapi/v1.json")).Is(200).Text)!.AsObject();
        // The address and the version of this run.
        document.Remove("servers");
        document["info"]!["version"] = "1";
        return document.ToJsonString(Indented) + "\n";
    }
}
