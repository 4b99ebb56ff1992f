using System.Net;
using AdminConsole.Cli.Auth;

namespace AdminConsole.Cli.Http;

/// <summary>The server's API, called as the signed-in user. Refreshes an expired access token automatically.</summary>
internal sealed class Api(Uri server, AccessTokenProvider access) : IDisposable
{
    private readonly Connection connection = new(server);

    public AccessTokenProvider Access => access;

    /// <summary>True once the server has committed a change for this command.</summary>
    public bool HasChanged { get; private set; }

    public Task<ApiResponse> GetAsync(string path, CancellationToken ct) => AskAsync(HttpMethod.Get, path, null, ct);

    public Task<ApiResponse> PostAsync(string path, string? json, CancellationToken ct) =>
        AskAsync(HttpMethod.Post, path, json is null ? null : Connection.Json(json), ct);

    public async Task<ApiResponse> AskAsync(HttpMethod method, string path, Func<HttpContent>? body, CancellationToken ct)
    {
        using var response = await SendAsync(method, path, body, ct);
        if (response.StatusCode != HttpStatusCode.NoContent && response.Content.Headers.ContentType?.MediaType is not "application/json")
        {
            throw new CliException(
                ExitCode.Unreachable,
                "This address isn't an AdminConsole server.",
                "Check the address: --server, ADMINCONSOLE_SERVER."
            );
        }

        return new ApiResponse(await response.Content.ReadAsStringAsync(ct));
    }

    /// <summary>Sends a request and returns a successful response, whose body is not read yet. Throws a
    /// <see cref="CliException"/> for any other response.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        Func<HttpContent>? body,
        CancellationToken ct,
        params (string Name, string Value)[] headers
    )
    {
        var token = await access.TokenAsync(connection, ct);
        var response = await connection.SendAsync(method, path, body, token, ct, headers);
        if (response.StatusCode == HttpStatusCode.Unauthorized && await access.RenewAsync(connection, token, ct) is { } renewed)
        {
            response.Dispose();
            response = await connection.SendAsync(method, path, body, renewed, ct, headers);
        }

        if (response.IsSuccessStatusCode)
        {
            HasChanged |= method != HttpMethod.Get && !path.EndsWith("?dryRun=true", StringComparison.Ordinal);
            return response;
        }

        using (response)
        {
            throw access.Explain(await Connection.RefusalAsync(response, ct));
        }
    }

    public void Dispose() => connection.Dispose();
}
