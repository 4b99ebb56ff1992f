using System.Net.Http.Headers;
using System.Text;

namespace AdminConsole.Tests.Http;

/// <summary>Sends unexpected values to every form of the static pages.</summary>
public abstract class FormFuzzTests(AdminApp app)
{
    private static readonly (string, string) Html = PageForm.Html;

    private static readonly string[] Values =
    [
        "",
        "x",
        "\0",
        "a\0b@example.com",
        "\uFFFD",
        "\uFFFF\uFFFE",
        "\u202Eelpmaxe",
        "\u0301@example.com",
        "😀",
        "-1",
        "true",
        "null",
        "[]",
        "%00",
        "<script>alert(1)</script>",
        "'; DROP TABLE users; --",
        "a\r\nSet-Cookie: x=y",
        new string('a', 5_000),
        new string('é', 100_000),
    ];

    // Byte sequences that no string can contain: half a surrogate, a stray continuation byte, an overlong '/', a
    // percent sign without digits.
    private static readonly string[] Encoded = ["%ED%A0%80", "%80", "%C0%AF", "%", "%zz", "%00%00", "+", "%F4%90%80%80"];

    [Fact]
    public async Task No_form_causes_a_5xx_or_reflects_markup()
    {
        var errorsAtStart = app.Log.Errors.Count();
        var failures = new List<string>();
        foreach (
            var address in new[]
            {
                "/login",
                "/login/code",
                "/forgot-password",
                "/reset-password?email=a%40example.com&token=x",
                "/invitation?email=a%40example.com&token=x",
                "/not-me?token=x",
                "/confirm-email?email=a%40example.com&token=x",
                "/device",
                "/account/password",
            }
        )
        {
            using var caller = address is "/device" or "/account/password" ? (await app.SignedInUserAsync("User")).Caller : app.Anonymous();
            if (address == "/login/code")
            {
                await BeginSecondStepAsync(caller);
            }

            var fields = await PageForm.ReadAsync(caller, address);
            foreach (var body in Bodies(fields))
            {
                var answer = await caller.PostAsync(address, body.Content, Html);
                var label = $"{address} {body.What[..Math.Min(100, body.What.Length)]}";
                if (
                    answer.Status >= 500
                    || (answer.ContentType == "text/html" && answer.Text.Contains("<script>alert", StringComparison.Ordinal))
                    || answer.Headers["Set-Cookie"].Any(cookie => cookie.StartsWith("x=", StringComparison.Ordinal))
                    || answer.Text.Contains("   at ", StringComparison.Ordinal)
                )
                {
                    failures.Add($"{label} -> {answer.Status} {answer.Text[..Math.Min(200, answer.Text.Length)]}");
                }
            }

            foreach (var (name, value) in OddHeaders.All)
            {
                var content = new FormUrlEncodedContent(fields);
                if (name == "Content-Type")
                {
                    content.Headers.Remove(name);
                    content.Headers.TryAddWithoutValidation(name, value);
                }

                var answer = await caller.PostAsync(
                    address,
                    content,
                    name == "Content-Type" ? [Html]
                        : name == "Accept" ? [(name, value)]
                        : [Html, (name, value)]
                );
                if (answer.Status >= 500 || answer.Text.Contains("   at ", StringComparison.Ordinal))
                {
                    failures.Add(
                        $"{address} {name}: {value[..Math.Min(50, value.Length)]} -> {answer.Status} "
                            + $"{answer.Text[..Math.Min(200, answer.Text.Length)]}"
                    );
                }
            }

            if (fields.ContainsKey("_handler"))
            {
                Assert.Equal(
                    400,
                    (
                        await caller.PostAsync(
                            address,
                            new FormUrlEncodedContent(fields.Where(field => field.Key != "__RequestVerificationToken")),
                            Html
                        )
                    ).Status
                );
                Assert.Equal(
                    400,
                    (
                        await caller.PostAsync(
                            address,
                            new FormUrlEncodedContent(
                                fields.Select(field =>
                                    field.Key == "__RequestVerificationToken" ? KeyValuePair.Create(field.Key, field.Value + "x") : field
                                )
                            ),
                            Html
                        )
                    ).Status
                );
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(20)));
        Assert.Empty(app.Log.Errors.Skip(errorsAtStart));
    }

    [Fact]
    public async Task The_setup_form_causes_no_5xx_and_reflects_no_markup()
    {
        await using var empty = await AdminApp.StartAsync(app.Provider);
        using var caller = empty.Anonymous();
        var errorsAtStart = empty.Log.Errors.Count();
        var fields = await PageForm.ReadAsync(caller, "/setup");

        foreach (var body in Bodies(fields))
        {
            Assert.InRange((await caller.PostAsync("/setup", body.Content, Html)).Status, 200, 499);
        }

        Assert.Empty(empty.Log.Errors.Skip(errorsAtStart));
        Assert.True((await caller.GetAsync("/api/auth/setup-required")).Json.GetProperty("setupRequired").GetBoolean());
    }

    private static IEnumerable<(string What, HttpContent Content)> Bodies(Dictionary<string, string> fields)
    {
        foreach (var name in fields.Keys.Where(name => name != "__RequestVerificationToken"))
        {
            foreach (var value in Values)
            {
                yield return (
                    $"{name}={value}",
                    new FormUrlEncodedContent(fields.Select(field => field.Key == name ? KeyValuePair.Create(name, value) : field))
                );
            }

            foreach (var value in Encoded)
            {
                yield return (
                    $"{name}={value}",
                    Raw(
                        string.Join(
                            '&',
                            fields.Select(field =>
                                $"{Uri.EscapeDataString(field.Key)}={(field.Key == name ? value : Uri.EscapeDataString(field.Value))}"
                            )
                        )
                    )
                );
            }

            yield return ($"{name} left out", new FormUrlEncodedContent(fields.Where(field => field.Key != name)));
            yield return ($"{name} twice", new FormUrlEncodedContent([.. fields, KeyValuePair.Create(name, "again")]));
            yield return (
                $"{name} nested",
                new FormUrlEncodedContent([
                    .. fields,
                    .. Enumerable
                        .Range(0, 50)
                        .Select(at => KeyValuePair.Create($"{name}{string.Concat(Enumerable.Repeat("[0].x", at))}", "x")),
                ])
            );
        }

        yield return ("nothing", new FormUrlEncodedContent([]));
        yield return (
            "too many",
            new FormUrlEncodedContent([.. fields, .. Enumerable.Range(0, 5_000).Select(at => KeyValuePair.Create($"x{at}", "x"))])
        );
        yield return ("a long name", new FormUrlEncodedContent([.. fields, KeyValuePair.Create(new string('k', 100_000), "x")]));
        yield return ("more than a mebibyte", new FormUrlEncodedContent([.. fields, KeyValuePair.Create("x", new string('x', 1_050_000))]));
        yield return ("JSON", new StringContent("{\"a\":1}", Encoding.UTF8, "application/json"));
        yield return (
            "a form in parts without an end",
            new StringContent(
                "--b\r\nContent-Disposition: form-data; name=\"Form.Login\"\r\n\r\nx",
                new MediaTypeHeaderValue("multipart/form-data") { Parameters = { new("boundary", "b") } }
            )
        );
        yield return ("a form in parts without a boundary", new StringContent("x", new MediaTypeHeaderValue("multipart/form-data")));
    }

    private static StringContent Raw(string form) => new(form, Encoding.ASCII, "application/x-www-form-urlencoded");

    private async Task BeginSecondStepAsync(ApiClient caller)
    {
        var enrolled = await AdminConsole.Tests.Authentication.EnrolledUser.CreateAsync(app);
        (await PageForm.SendAsync(caller, "/login", ("Form.Login", enrolled.User.Email!), ("Form.Password", TestData.Password))).Is(302);
    }

    public sealed class OnSqlite(SqliteApp app) : FormFuzzTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : FormFuzzTests(app), IClassFixture<PostgresApp>;
}
