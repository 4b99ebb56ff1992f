using AdminConsole.Cli.Configuration;
using AdminConsole.Cli.Http;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Auth;

/// <summary>Provides the token to send: from ADMINCONSOLE_TOKEN, or from the stored sign-in. Refreshes an expired
/// access token; of concurrent processes, one refreshes for all.</summary>
internal sealed class AccessTokenProvider
{
    private const string Again = "Sign in again: adminctl login";
    private const string Variable = "ADMINCONSOLE_TOKEN";

    private static readonly TimeSpan RefreshMargin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2)];

    private readonly Uri server;
    private readonly CredentialStore store;
    private readonly string? given;
    private readonly string? origin;

    private AccessTokenProvider(Uri server, CredentialStore store, string? given, string? origin) =>
        (this.server, this.store, this.given, this.origin) = (server, store, given, origin);

    public static AccessTokenProvider To(Uri server, CredentialStore store) =>
        new(
            server,
            store,
            Environment.GetEnvironmentVariable(Variable) is { } token && !string.IsNullOrWhiteSpace(token)
                ? TokenText.Read(token, Variable)
                : null,
            $"The token in {Variable}"
        );

    /// <summary>Creates a provider for a user who has just signed in, before the tokens are stored.</summary>
    /// <param name="server">The address of the server.</param>
    /// <param name="store">The credentials, to which this token is not added yet.</param>
    /// <param name="token">The token to send.</param>
    /// <param name="origin">The source of the token, for the error message; null if the server has just issued
    /// it.</param>
    public static AccessTokenProvider With(Uri server, CredentialStore store, string token, string? origin) =>
        new(server, store, token, origin);

    /// <summary>True if the token comes from the environment, or from a sign-in in progress, and not from the
    /// store.</summary>
    public bool IsGiven => given is not null;

    public async Task<string> TokenAsync(Connection connection, CancellationToken ct)
    {
        if (given is not null)
        {
            return given;
        }

        var credential =
            store.Find(server)
            ?? throw new CliException(
                ExitCode.NotSignedIn,
                $"You are not signed in to {server}.",
                "Sign in: adminctl login. Or set ADMINCONSOLE_TOKEN."
            );
        return credential.RefreshToken is not null && credential.ExpiresAt - TimeProvider.System.GetUtcNow() < RefreshMargin
            ? (await RefreshAsync(connection, credential.AccessToken, ct)).AccessToken
            : TokenText.Read(credential.AccessToken, "What you signed in with");
    }

    /// <summary>Returns a new token after the server rejected this one; null if the sign-in cannot be
    /// refreshed.</summary>
    public async Task<string?> RenewAsync(Connection connection, string refused, CancellationToken ct) =>
        given is null && store.Find(server)?.RefreshToken is not null ? (await RefreshAsync(connection, refused, ct)).AccessToken : null;

    /// <summary>Rewords a refusal to match where the token comes from.</summary>
    public CliException Explain(CliException refusal) =>
        refusal.ExitCode != ExitCode.NotSignedIn || (given is not null && origin is null) ? refusal
        : given is not null
            ? Explain(refusal, $"{origin} is refused: {refusal.Message}", "Create a new one in the console under My tokens.")
        : Explain(refusal, $"You are no longer signed in to {server}: {refusal.Message}", Again);

    private static CliException Explain(CliException refusal, string message, string hint) =>
        new(refusal.ExitCode, message, hint, refusal.Code) { Problem = refusal.Problem };

    // One process refreshes, and the others use its result. Ctrl+C does not interrupt a refresh, because losing the
    // response would sign the user out.
    private async Task<Credential> RefreshAsync(Connection connection, string spent, CancellationToken ct)
    {
        using var fileLock = await store.LockAsync(ct);
        var credential = store.Find(server) ?? throw SignedOut();
        if (credential.AccessToken != spent)
        {
            return credential;
        }

        if (credential.RefreshToken is not { } refreshToken)
        {
            throw SignedOut();
        }

        var (answer, refusal) = await RetryAsync(() => RefreshOnceAsync(connection, refreshToken));
        if (refusal is not null)
        {
            if (refusal.Code == "invalid_grant")
            {
                store.Save(server, null);
                throw SignedOut();
            }

            throw refusal;
        }

        var renewed = OAuth.ToCredential(answer!, credential.User);
        store.Save(server, renewed);
        return renewed;
    }

    private static async Task<(TokenResponse? Answer, CliException? Refusal)> RefreshOnceAsync(Connection connection, string refreshToken)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        return await new OAuth(connection).RefreshAsync(refreshToken, timeout.Token);
    }

    // A retry is safe: the server answers it with the same tokens.
    private static async Task<T> RetryAsync<T>(Func<Task<T>> attempt)
    {
        foreach (var pause in Pauses)
        {
            try
            {
                return await attempt();
            }
            catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
            {
                await Task.Delay(pause);
            }
        }

        return await attempt();
    }

    private CliException SignedOut() =>
        new(
            ExitCode.NotSignedIn,
            $"You were signed out of {server}: this device was signed out or unused for too long.",
            Again,
            "signed_out"
        );
}
