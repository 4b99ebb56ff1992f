using System.Text.Json.Serialization;
using AdminConsole.Benchmarks.Circuits;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data.Sqlite;
using Microsoft.Data.Sqlite;

namespace AdminConsole.Benchmarks;

/// <summary>A user in the raw page.</summary>
public sealed record RawUser(
    string Id,
    string? Email,
    string? UserName,
    string DisplayName,
    bool Active,
    long CreatedAt,
    long UpdatedAt,
    long? LastSignInAt,
    List<string> Roles
);

/// <summary>The raw page of users.</summary>
public sealed record RawPage(List<RawUser> Items, long Total);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RawPage))]
internal sealed partial class RawJson : JsonSerializerContext;

/// <summary>The minimal server for each kind of request, written as plainly as ASP.NET Core allows.</summary>
internal static class Yardsticks
{
    private const string Body =
        """{"id":"019aa4c5-7a00-7c3e-9d1b-2f6f0f4f1a11","email":"ana.silva@example.com","name":"Ana Silva","roles":["User"],"x":"12345"}""";

    public static async Task RunAsync(string name, string url, string database, string token)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        if (name == "circuit")
        {
            builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        }

        var app = builder.Build();
        var connection = new DatabaseOptions(DatabaseProvider.Sqlite, $"Data Source={database}").ConnectionString;
        // Loads the native SQLite library.
        GC.KeepAlive(typeof(SqliteAppDbContext).TypeHandle);
        var known = new Dictionary<string, string> { [$"Bearer {token}"] = Body };

        switch (name)
        {
            case "bare":
                app.MapGet("/", () => Results.Text(Body, "application/json"));
                break;
            case "static":
                app.MapGet(
                    "/",
                    (HttpContext context) =>
                        known.TryGetValue(context.Request.Headers.Authorization.ToString(), out var body)
                            ? Results.Text(body, "application/json")
                            : Results.Unauthorized()
                );
                app.MapPost(
                    "/",
                    (HttpContext context) =>
                        known.TryGetValue(context.Request.Headers.Authorization.ToString(), out var body)
                            ? Results.Text(body, "application/json")
                            : Results.Unauthorized()
                );
                break;
            case "floor":
                app.MapGet("/", () => Exists(connection, token) ? Results.Text(Body, "application/json") : Results.Unauthorized());
                break;
            case "page":
                app.MapGet("/", () => Results.Json(Page(connection), RawJson.Default.RawPage));
                break;
            case "circuit":
                app.UseAntiforgery();
                app.MapRazorComponents<BareDocument>().AddInteractiveServerRenderMode();
                break;
            default:
                throw new ArgumentException($"There is no yardstick '{name}'.", nameof(name));
        }

        await app.RunAsync();
    }

    private static bool Exists(string connectionString, string token)
    {
        using var connection = Open(connectionString);
        using var command = connection.CreateCommand();
        command.CommandText = """SELECT "Hash" FROM "PersonalAccessTokens" WHERE "Prefix" = $prefix""";
        command.Parameters.AddWithValue("$prefix", token[..Core.Security.Secret.TokenPrefixLength]);
        return command.ExecuteScalar() is byte[];
    }

    private static RawPage Page(string connectionString)
    {
        using var connection = Open(connectionString);
        var users = new Dictionary<string, RawUser>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = """
                SELECT "Id", "Email", "UserName", "DisplayName", "Active", "CreatedAt", "UpdatedAt", "LastSignInAt"
                FROM "Users" ORDER BY "NormalizedEmail" LIMIT 50
                """;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var user = new RawUser(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetBoolean(4),
                    reader.GetInt64(5),
                    reader.GetInt64(6),
                    reader.IsDBNull(7) ? null : reader.GetInt64(7),
                    []
                );
                users[user.Id] = user;
            }
        }

        using (var roles = connection.CreateCommand())
        {
            roles.CommandText = $"""
                SELECT u."UserId", r."Name" FROM "UserRoles" u JOIN "Roles" r ON r."Id" = u."RoleId"
                WHERE u."UserId" IN ({string.Join(',', users.Keys.Select(id => $"'{id}'"))})
                """;
            using var reader = roles.ExecuteReader();
            while (reader.Read())
            {
                users[reader.GetString(0)].Roles.Add(reader.GetString(1));
            }
        }

        using var count = connection.CreateCommand();
        count.CommandText = """SELECT count(*) FROM (SELECT 1 FROM "Users" LIMIT 10001)""";
        return new RawPage([.. users.Values], (long)count.ExecuteScalar()!);
    }

    private static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }
}
