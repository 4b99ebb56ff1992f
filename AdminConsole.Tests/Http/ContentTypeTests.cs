using System.Text;
using AdminConsole.Tests.Architecture;

namespace AdminConsole.Tests.Http;

/// <summary>Content types of bodies, listed in Cases/content-types.tsv, and charsets of every kind of body.</summary>
public abstract class ContentTypeTests(AdminApp app)
{
    private static readonly string[] Charsets =
    [
        "utf8",
        "bogus",
        "utf-7",
        "windows-1252",
        "",
        "\"\"",
        "\"utf-16\"",
        "utf-8; charset=latin1",
        new('x', 1000),
    ];

    public static TheoryData<string, string> Samples()
    {
        var samples = new TheoryData<string, string>();
        foreach (
            var line in File.ReadLines(Path.Combine(ArchitectureTests.Root, "AdminConsole.Tests", "Cases", "content-types.tsv")).Skip(1)
        )
        {
            var (type, expected) = (line.Split('\t')[0], line.Split('\t')[1]);
            samples.Add(type, expected);
        }

        return samples;
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_body_is_read_as_utf8_or_refused(string type, string expected)
    {
        using var caller = app.Anonymous();

        var answer = await caller.PostAsync(
            "/api/auth/login",
            Body($$"""{"login": "{{TestData.AdminEmail}}", "password": "{{TestData.Password}}"}""", type)
        );

        if (expected == "as without charset")
        {
            answer.Is(200);
        }
        else
        {
            answer.Refuses(415, "unsupported_media_type");
        }
    }

    [Theory]
    [InlineData("/api/auth/login", "application/json")]
    [InlineData("/api/auth/reset-password", "application/json")]
    [InlineData("/api/auth/login", "application/problem+json")]
    [InlineData("/api/users/import", "text/csv")]
    [InlineData("/api/users/import", "multipart/form-data; boundary=x")]
    [InlineData("/login", "application/x-www-form-urlencoded")]
    [InlineData("/logout", "application/x-www-form-urlencoded")]
    [InlineData("/api/auth/logout", "application/json")]
    public async Task Another_charset_is_refused_on_every_kind_of_body(string path, string type)
    {
        using var admin = await app.SignInAdminAsync();
        using var anonymous = app.Anonymous();
        foreach (var charset in Charsets)
        {
            (await admin.PostAsync(path, Body("x=1", $"{type}; charset={charset}"))).Refuses(415, "unsupported_media_type");
            (await anonymous.PostAsync(path, Body("x=1", $"{type}; charset={charset}"))).Refuses(415, "unsupported_media_type");
        }
    }

    [Theory]
    [InlineData("/oauth/token")]
    [InlineData("/oauth/device_authorization")]
    [InlineData("/oauth/revoke")]
    [InlineData("/oauth/introspect")]
    public async Task OAuth_endpoints_refuse_another_charset_in_their_own_form(string path)
    {
        using var caller = app.Anonymous();
        foreach (var charset in Charsets)
        {
            var answer = (await caller.PostAsync(path, Body("token=x", $"application/x-www-form-urlencoded; charset={charset}"))).Is(415);

            Assert.Equal("application/json", answer.ContentType);
            Assert.Equal("invalid_request", answer.Json.GetProperty("error").GetString());
        }

        Assert.NotEqual(
            415,
            (await caller.PostAsync(path, Body("token=x", "application/x-www-form-urlencoded; charset=\"UTF-8\""))).Status
        );
    }

    [Fact]
    public async Task A_quoted_utf8_charset_is_accepted_for_files_and_forms()
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync("/api/users/import?dryRun=true", Body($"email\n{TestData.Email()}\n", "text/csv; charset=\"utf-8\""))).Is(
            200
        );
        (await admin.PostAsync("/oauth/revoke", Body("token=x", "application/x-www-form-urlencoded; charset=\"utf-8\""))).Is(200);
    }

    private static ByteArrayContent Body(string text, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    public sealed class OnSqlite(SqliteApp app) : ContentTypeTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ContentTypeTests(app), IClassFixture<PostgresApp>;
}
