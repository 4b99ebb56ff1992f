using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.OAuth;

/// <summary>A single-use refresh token: <c>acref_</c>, base62 of (device id, 16 bytes; generation, 4; secret, 32; MAC,
/// 8), and a checksum. The next secret is an HMAC of this token with a key of the server, so the response to a used
/// token can be repeated without storing it. The MAC identifies old tokens as issued by this server, so they are not
/// stored either.</summary>
internal sealed record RefreshToken(Guid DeviceId, int Generation, byte[] Secret)
{
    private const string Prefix = "acref_";
    private const int SecretBytes = 32;
    private const int MacBytes = 8;
    private const int Bytes = 16 + sizeof(int) + SecretBytes + MacBytes;
    private const int Digits = 81;
    private const int Length = 93;

    public static RefreshToken First(Guid deviceId) => new(deviceId, 0, RandomNumberGenerator.GetBytes(SecretBytes));

    public RefreshToken Next(byte[] key) => new(DeviceId, Generation + 1, Hmac(key, "refresh-next:"u8));

    public string ToText(byte[] key)
    {
        Span<char> text = stackalloc char[Length];
        Prefix.CopyTo(text);
        Base62.Write([.. Body(), .. Seal(key)], text.Slice(Prefix.Length, Digits));
        Security.Secret.WriteChecksum(text[..^Security.Secret.ChecksumLength], text[^Security.Secret.ChecksumLength..]);
        return new string(text);
    }

    /// <summary>SHA-256 over the device id, generation and secret. The database stores only this hash.</summary>
    public byte[] Hash() => SHA256.HashData(Body());

    /// <summary>Returns null unless this server issued the token, whether or not it is still valid.</summary>
    public static RefreshToken? Read(string text, byte[] key)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        if (
            text.Length != Length
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || !Base62.TryRead(text.AsSpan(Prefix.Length, Digits), bytes)
        )
        {
            return null;
        }

        var token = new RefreshToken(
            new Guid(bytes[..16], bigEndian: true),
            BinaryPrimitives.ReadInt32BigEndian(bytes[16..]),
            bytes.Slice(20, SecretBytes).ToArray()
        );
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token.ToText(key)), Encoding.UTF8.GetBytes(text))
            ? token
            : null;
    }

    private byte[] Seal(byte[] key) => Hmac(key, "refresh-mark:"u8)[..MacBytes];

    private byte[] Hmac(byte[] key, ReadOnlySpan<byte> purpose)
    {
        byte[] text = [.. purpose, .. Body()];
        return HMACSHA256.HashData(key, text);
    }

    private byte[] Body()
    {
        var bytes = new byte[Bytes - MacBytes];
        DeviceId.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), Generation);
        Secret.CopyTo(bytes, 20);
        return bytes;
    }
}
