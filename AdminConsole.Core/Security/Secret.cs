using System.Security.Cryptography;
using System.Text;

namespace AdminConsole.Core.Security;

/// <summary>Random secrets and their stored form.</summary>
public static class Secret
{
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>43 base62 characters: 256 bits, for session keys and links.</summary>
    public static string Create() => RandomNumberGenerator.GetString(Base62, 43);

    // 256 random bits cannot be guessed, so a plain hash is enough; a slow hash would only slow every request.
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
