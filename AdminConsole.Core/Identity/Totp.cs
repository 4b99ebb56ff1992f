using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AdminConsole.Core.Identity;

/// <summary>Time-based one-time passwords (RFC 6238): HMAC-SHA-1, 6 digits, 30-second steps, and a tolerance of one
/// step either way.</summary>
internal static class Totp
{
    public const int Digits = 6;

    // RFC 4226 recommends a shared secret of 160 bits.
    public const int SecretLength = 20;

    private const int StepSeconds = 30;
    private const int Tolerance = 1;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long StepAt(DateTimeOffset at) => at.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>Returns the code of one step.</summary>
    public static string CodeOf(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The only algorithm that every authenticator app supports. HMAC-SHA-1 is not broken.
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var truncated = BinaryPrimitives.ReadUInt32BigEndian(mac[(mac[^1] & 0xf)..]) & 0x7fffffff;
        return (truncated % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }

    /// <summary>Returns the step that a code belongs to; null if it matches no step within the tolerance. Takes the
    /// same time in both cases.</summary>
    public static long? StepOf(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        var given = Encoding.ASCII.GetBytes(code.Replace(" ", "", StringComparison.Ordinal));
        long? found = null;
        for (var step = StepAt(now) - Tolerance; step <= StepAt(now) + Tolerance; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeOf(secret, step)), given))
            {
                found = step;
            }
        }

        return found;
    }

    /// <summary>Returns the secret for manual entry: base32 (RFC 4648) without padding.</summary>
    public static string KeyOf(ReadOnlySpan<byte> secret)
    {
        var key = new StringBuilder();
        var (bits, pending) = (0, 0);
        foreach (var part in secret)
        {
            (bits, pending) = ((bits << 8) | part, pending + 8);
            while (pending >= 5)
            {
                pending -= 5;
                key.Append(Base32[(bits >> pending) & 31]);
            }
        }

        return pending == 0 ? key.ToString() : key.Append(Base32[(bits << (5 - pending)) & 31]).ToString();
    }
}
