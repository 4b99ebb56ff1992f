using System.Globalization;
using System.Text.Json;
using AdminConsole.Core.Contracts;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>Tables, and JSON for programs.</summary>
public sealed class CliListTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    // The columns of each table in order, derived from the JSON of the same listing.
    private static readonly Dictionary<string, Func<JsonElement, string?>[]> Columns = new()
    {
        ["users list --all"] =
        [
            Text("email"),
            Text("displayName"),
            Texts("roles"),
            user => Core.Contracts.UserStatuses.DisplayNames[user.GetProperty("status").GetString()!],
            Time("lastSignInAt"),
            Text("id"),
        ],
        ["tokens list --all"] =
        [
            Text("name"),
            Text("prefix"),
            Text("state"),
            Texts("scopes"),
            Time("expiresAt", "never"),
            Time("lastUsedAt", "never"),
            _ => "",
            Text("id"),
            Time("revokedAt"),
        ],
        ["tokens list --all --everyone"] =
        [
            Text("name"),
            Text("prefix"),
            Text("state"),
            Texts("scopes"),
            Time("expiresAt", "never"),
            Time("lastUsedAt", "never"),
            token => token.GetProperty("owner").GetProperty("email").GetString(),
            Text("id"),
            Time("revokedAt"),
        ],
        ["sessions list --all"] = [Text("id"), Text("method"), Text("ip"), Time("lastSeenAt"), Time("expiresAt"), Text("userAgent")],
        ["audit list --all --action user."] =
        [
            entry => entry.GetProperty("id").GetRawText(),
            Time("at"),
            Text("action"),
            entry => Text("name")(entry.GetProperty("actor")) is { Length: > 0 } name ? name : Text("type")(entry.GetProperty("actor")),
            entry =>
                entry.GetProperty("target") is { ValueKind: JsonValueKind.Object } target
                    ? Text("name")(target) is { Length: > 0 } name
                        ? name
                        : Text("id")(target)
                    : "",
            Text("ip"),
        ],
    };

    public static TheoryData<string> Listings => [.. Columns.Keys];

    [Theory]
    [MemberData(nameof(Listings))]
    public async Task Json_has_the_values_of_the_table(string listing)
    {
        var person = await app.SignedInUserAsync();
        using var admin = await app.SignInAdminAsync();
        using var shell = await Shell.SignedInAsync(app, admin);
        (await admin.PostAsync($"/api/users/{person.Id}/deactivate", new { reason = "test" })).Is(200);
        var token = (await admin.PostAsync("/api/tokens", new { name = "ended" })).Is(201).As<CreatedToken>();
        (await admin.DeleteAsync($"/api/tokens/{token.Id}")).Is(204);
        var command = listing.Split(' ');

        var rows = (await shell.RunAsync(command)).Is(0).Output.Split('\n')[..^1].Select(line => line.Split('\t'));
        var items = (await shell.RunAsync([.. command, "--json"])).Is(0).Json.GetProperty("items").EnumerateArray();

        Assert.Equal(items.Select(item => Columns[listing].Select(column => column(item) ?? "")), rows);
    }

    private static Func<JsonElement, string?> Text(string name) => item => item.GetProperty(name).GetString();

    private static Func<JsonElement, string?> Texts(string name) =>
        item => string.Join(",", item.GetProperty(name).EnumerateArray().Select(text => text.GetString()));

    private static Func<JsonElement, string?> Time(string name, string never = "") =>
        item =>
            item.GetProperty(name) is { ValueKind: JsonValueKind.String } time
                ? time.GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)
                : never;
}
