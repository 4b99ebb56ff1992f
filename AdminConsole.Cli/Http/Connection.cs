using System.Net.Http.Headers;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace AdminConsole.Cli.Http;

/// <summary>An HTTP client for one server. It follows no redirects, which could carry a token to another
/// server.</summary>
internal sealed class Connection : IDisposable
{
    private readonly HttpClient http;

    public Connection(Uri server)
    {
        http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(10),
            }
        )
        {
            BaseAddress = server,
            Timeout = TimeSpan.FromMinutes(5),
        };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("adminctl", Version));
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue($"({RuntimeInformation.RuntimeIdentifier})"));
    }

    /// <summary>This program's version, followed by "+" and the commit that it was built from. Builds outside a Git
    /// checkout have no commit.</summary>
    public static string VersionWithCommit { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>This program's version.</summary>
    public static string Version { get; } = VersionWithCommit.Split('+')[0];

    /// <summary>Sends one request and returns before the body is read. The path must not start with a slash, because
    /// the console may be hosted under a path.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        Func<HttpContent>? body,
        string? token,
        CancellationToken ct,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body?.Invoke() };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    /// <summary>Converts an unsuccessful response to the exception that ends the command.</summary>
    public static async Task<CliException> RefusalAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct);
        var status = (int)response.StatusCode;
        return status is >= 300 and < 400
            ? new CliException(
                ExitCode.Unreachable,
                $"The server sends on to {response.Headers.Location}.",
                "Name that address instead: adminctl login --server …",
                "redirected"
            )
            : ServerProblem.Read(text)?.ToException(status, text)
                ?? new CliException(
                    ExitCode.Unreachable,
                    $"The server answered {status} {response.ReasonPhrase}, and not as an AdminConsole does.",
                    "Check the address, and any proxy in between."
                );
    }

    public static Func<HttpContent> Json(string json) => () => new StringContent(json, Encoding.UTF8, "application/json");

    public static Func<HttpContent> Form(params (string Name, string? Value)[] fields) =>
        () =>
            new FormUrlEncodedContent(
                fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Name, field.Value!))
            );

    public void Dispose() => http.Dispose();
}
