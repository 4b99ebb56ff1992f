using System.Text.Json;
using AdminConsole.Cli.Http;

namespace AdminConsole.Cli.Configuration;

/// <summary>What proves who one is to one server.</summary>
internal sealed record Credential
{
    /// <summary>A personal access token, or an access token that lives for minutes.</summary>
    public required string AccessToken { get; init; }

    /// <summary>When the access token ends by this machine's clock; null where it does not say.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What gets the next access token; null with a personal access token.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>Who signed in.</summary>
    public string? User { get; init; }
}

/// <summary>The credentials of each server, in one file that only its owner may read (0600 from the moment it
/// exists).</summary>
internal sealed class CredentialStore(ConfigFolder folder)
{
    public Credential? Find(Uri server) => Read().GetValueOrDefault(KeyOf(server));

    /// <summary>Holds all other processes back from changing credentials.</summary>
    public Task<IDisposable> LockAsync(CancellationToken ct) => folder.LockAsync(ct);

    /// <summary>Only while <see cref="LockAsync"/> is held; null forgets it.</summary>
    public void Keep(Uri server, Credential? credential)
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
            // As text: an editor may have put a byte-order mark in front.
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
