using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.OAuth;

/// <summary>
/// What a device gets its next access token with, once: <c>acref_ </c>, then in base62 its device (16 bytes), how many
/// there were before it
/// (4), a secret (32) and a mark that only this server can make (8), then a checksum. Each one's secret follows from
/// the one before
/// and a key of the server, so the answer to a spent one can be given again without being kept; and an old one is known
/// by its
/// mark, so nothing is kept of it either.
/// </summary>
internal sealed record RefreshToken(Guid DeviceId, int Generation, byte[] Secret)
{
    private const string Mark = "acref_";
    private const int SecretBytes = 32;
    private const int MarkBytes = 8;
    private const int Bytes = 16 + sizeof(int) + SecretBytes + MarkBytes;
    private const int Digits = 81;
    private const int Length = 93;

    public static RefreshToken First(Guid deviceId) => new(deviceId, 0, RandomNumberGenerator.GetBytes(SecretBytes));

    public RefreshToken Next(byte[] key) => new(DeviceId, Generation + 1, Hmac(key, "refresh-next:"u8));

    public string ToText(byte[] key)
    {
        Span<char> text = stackalloc char[Length];
        Mark.CopyTo(text);
        Base62.Write([.. Body(), .. Seal(key)], text.Slice(Mark.Length, Digits));
        Security.Secret.WriteChecksum(text[..^Security.Secret.ChecksumLength], text[^Security.Secret.ChecksumLength..]);
        return new string(text);
    }

    /// <summary>SHA-256 over all that makes it; what the database holds.</summary>
    public byte[] Hash() => SHA256.HashData(Body());

    /// <summary>Null unless this server made it, whatever has become of it since.</summary>
    public static RefreshToken? Read(string text, byte[] key)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        if (
            text.Length != Length
            || !text.StartsWith(Mark, StringComparison.Ordinal)
            || !Base62.TryRead(text.AsSpan(Mark.Length, Digits), bytes)
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

    private byte[] Seal(byte[] key) => Hmac(key, "refresh-mark:"u8)[..MarkBytes];

    private byte[] Hmac(byte[] key, ReadOnlySpan<byte> purpose)
    {
        byte[] text = [.. purpose, .. Body()];
        return HMACSHA256.HashData(key, text);
    }

    private byte[] Body()
    {
        var bytes = new byte[Bytes - MarkBytes];
        DeviceId.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), Generation);
        Secret.CopyTo(bytes, 20);
        return bytes;
    }
}
