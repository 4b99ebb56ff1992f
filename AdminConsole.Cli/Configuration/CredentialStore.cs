using System.Text.Json;
using AdminConsole.Cli.Http;

namespace AdminConsole.Cli.Configuration;

/// <summary>The credentials for one server.</summary>
internal sealed record Credential
{
    /// <summary>A personal access token, or an access token that is valid for minutes.</summary>
    public required string AccessToken { get; init; }

    /// <summary>The expiry of the access token by this machine's clock; null if unknown.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The refresh token; null with a personal access token.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>The user who signed in.</summary>
    public string? User { get; init; }
}

/// <summary>Stores the credentials of each server in one file that only its owner can read (mode 0600 from its
/// creation).</summary>
internal sealed class CredentialStore(ConfigFolder folder)
{
    public Credential? Find(Uri server) => Read().GetValueOrDefault(KeyOf(server));

    /// <summary>Prevents other processes from changing credentials until the lock is disposed.</summary>
    public Task<IDisposable> LockAsync(CancellationToken ct) => folder.LockAsync(ct);

    /// <summary>Stores a credential, or deletes it if null. Call only while the lock of <see cref="LockAsync"/> is
    /// held.</summary>
    public void Save(Uri server, Credential? credential)
    {
        var all = Read();
        if (credential is null)
        {
            all.Remove(KeyOf(server));
        }
        else
        {
            all[KeyOf(server)] = credential;
        }

        folder.Replace(folder.CredentialsFile, JsonSerializer.Serialize(all, StoredJson.Default.DictionaryStringCredential) + "\n");
    }

    private Dictionary<string, Credential> Read()
    {
        try
        {
            // Read as text, because an editor may have added a byte-order mark.
            return JsonSerializer.Deserialize(File.ReadAllText(folder.CredentialsFile), StoredJson.Default.DictionaryStringCredential)
                ?? [];
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (JsonException broken)
        {
            throw new CliException(
                ExitCode.NotSignedIn,
                $"{folder.CredentialsFile} cannot be read: {broken.Message}",
                "Remove it and sign in again: adminctl login"
            );
        }
    }

    private static string KeyOf(Uri server) => server.ToString();
}
