using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AdminConsole.Benchmarks.Circuits;

namespace AdminConsole.Benchmarks;

/// <summary>Sets up a console and changes data in it through the API.</summary>
internal static class Administrator
{
    public const string Email = "root@example.com";
    public const string Password = "correct horse battery 1";

    /// <summary>The email of a user on the first page of users.</summary>
    public const string First = "person00001@example.com";

    /// <summary>Creates the first administrator and 9,999 other users.</summary>
    public static async Task<Browser> SetUpAsync(Child console, int users = 10_000)
    {
        var browser = new Browser(console.Url);
        await browser.SendAsync(HttpMethod.Post, "/api/auth/setup", new { email = Email, password = Password });
        var csv = new StringBuilder("email,displayName\n");
        for (var number = 1; number < users; number++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"person{number:00000}@example.com,Person {number}\n");
        }

        (
            await browser.Http.PostAsync(
                "/api/users/import",
                new StringContent(csv.ToString(), Encoding.UTF8, new MediaTypeHeaderValue("text/csv"))
            )
        ).EnsureSuccessStatusCode();
        return browser;
    }

    /// <summary>Opens another session of the administrator.</summary>
    public static async Task<Browser> SignInAsync(string url)
    {
        var browser = new Browser(url);
        await browser.SendAsync(HttpMethod.Post, "/api/auth/login", new { login = Email, password = Password });
        return browser;
    }

    public static async Task<List<Browser>> SignInAsync(string url, int times)
    {
        var browsers = new List<Browser>();
        while (browsers.Count < times)
        {
            browsers.Add(await SignInAsync(url));
        }

        return browsers;
    }

    /// <summary>Creates a personal access token with these scopes.</summary>
    public static async Task<string> CreateTokenAsync(this Browser browser, params string[] scopes) =>
        (await browser.SendAsync(HttpMethod.Post, "/api/tokens", new { name = "bench", scopes })).GetProperty("token").GetString()!;

    /// <summary>Creates a client that sends a new personal access token.</summary>
    public static async Task<HttpClient> WithTokenAsync(this Browser browser, params string[] scopes) =>
        WithToken(browser.Address.ToString(), await browser.CreateTokenAsync(scopes));

    public static HttpClient WithToken(string url, string token) =>
        new()
        {
            BaseAddress = new Uri(url),
            Timeout = TimeSpan.FromMinutes(10),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };

    public static Task<JsonElement> SendAsync(this Browser browser, HttpMethod method, string path, object? body = null) =>
        browser.Http.SendAsync(method, path, body);

    /// <summary>Sends a request to the API. Throws on a refusal; an empty response is an undefined element.</summary>
    public static async Task<JsonElement> SendAsync(this HttpClient http, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return !answer.IsSuccessStatusCode ? throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}")
            : text.Length == 0 ? default
            : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public static async Task<string> IdOfAsync(this Browser browser, string email) =>
        (await browser.SendAsync(HttpMethod.Get, $"/api/users?login={email}")).GetProperty("items")[0].GetProperty("id").GetString()!;
}
