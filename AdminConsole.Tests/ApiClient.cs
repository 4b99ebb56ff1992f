using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AdminConsole.Tests;

/// <summary>A client that calls the API over real HTTP and keeps its cookies. It follows no redirects.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient http;

    // The server may refuse a larger body unread, which closes the connection during the request.
    private const int Large = 1_000_000;

    public ApiClient(Uri root)
    {
        Root = root;
        http = new HttpClient(
            new SocketsHttpHandler
            {
                CookieContainer = Cookies,
                AllowAutoRedirect = false,
                UseProxy = false,
                RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
                Expect100ContinueTimeout = TimeSpan.FromMinutes(2),
            }
        )
        {
            BaseAddress = root,
        };
    }

    public Uri Root { get; }

    public CookieContainer Cookies { get; } = new();

    /// <summary>True if requests that change something have an Origin header, as in browsers, unless the headers of a
    /// request say otherwise.</summary>
    public bool NamesOrigin { get; init; } = true;

    /// <summary>The value of the session cookie; null without one.</summary>
    public string? SessionCookie => Cookies.GetCookies(Root)["AdminConsole"]?.Value;

    public Task<ApiResponse> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<ApiResponse> PostAsync(string path, object? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, headers);

    public Task<ApiResponse> PutAsync(string path) => SendAsync(HttpMethod.Put, path);

    public Task<ApiResponse> PatchAsync(string path, object? body) => SendAsync(HttpMethod.Patch, path, body);

    public Task<ApiResponse> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Sends a request. A string is sent unchanged as JSON; an object is serialized to JSON.</summary>
    public async Task<ApiResponse> SendAsync(
        HttpMethod method,
        string path,
        object? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string json => new StringContent(json, new MediaTypeHeaderValue("application/json")),
            _ => JsonContent.Create(body, body.GetType()),
        };
        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > Large ? true : null;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (NamesOrigin && method != HttpMethod.Get && !headers.Any(header => header.Name is "Origin" or "Sec-Fetch-Site"))
        {
            request.Headers.Add("Origin", Root.GetLeftPart(UriPartial.Authority));
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        // An event stream does not end, so its body is not read.
        return new ApiResponse(
            response,
            response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync()
        );
    }

    public void Dispose() => http.Dispose();
}

/// <summary>The response to a request.</summary>
public sealed class ApiResponse(HttpResponseMessage response, string text)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public int Status { get; } = (int)response.StatusCode;

    public string Text { get; } = text;

    public string? ContentType { get; } = response.Content.Headers.ContentType?.MediaType;

    public string? Location { get; } = response.Headers.Location?.OriginalString;

    public ILookup<string, string> Headers { get; } =
        response
            .Headers.Concat(response.Content.Headers)
            .SelectMany(header => header.Value.Select(value => (header.Key, value)))
            .ToLookup(header => header.Key, header => header.value, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> SetCookies => [.. Headers["Set-Cookie"]];

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public T As<T>() => JsonSerializer.Deserialize<T>(Text, Web)!;

    /// <summary>Asserts the status; the message contains the body.</summary>
    public ApiResponse Is(int status)
    {
        Assert.True(status == Status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <summary>Asserts a complete problem document with this status and code.</summary>
    public ApiResponse Refuses(int status, string code)
    {
        Is(status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(code, Code);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(Json.GetProperty("title").GetString()));
        Assert.False(string.IsNullOrWhiteSpace(Json.GetProperty("detail").GetString()));
        Assert.DoesNotContain("   at ", Text);
        return this;
    }

    /// <summary>Asserts an HTML page with this heading.</summary>
    public ApiResponse IsPage(string heading)
    {
        Assert.Equal("text/html", ContentType);
        Assert.Contains($"<h1>{heading}</h1>", Text, StringComparison.Ordinal);
        return this;
    }

    /// <summary>Asserts a validation error about exactly these fields.</summary>
    public ApiResponse RefusesFields(params string[] fields)
    {
        Refuses(400, "validation_failed");
        Assert.Equal(fields.Order(), Json.GetProperty("errors").EnumerateObject().Select(field => field.Name).Order());
        return this;
    }
}
