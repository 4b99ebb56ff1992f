using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AdminConsole.Core.Audit;

/// <summary>Builds the input of a hash in a reusable buffer. Each field is preceded by its length, 4 bytes in
/// big-endian order; NULL is the length FFFFFFFF and no bytes. No two events therefore produce the same bytes
/// (docs/security.md). Not thread-safe.</summary>
internal sealed class HashInput : IDisposable
{
    private const int NullLength = -1;

    // Reused, because for such short inputs, creating an instance costs more than hashing (docs/performance.md).
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private byte[] bytes = new byte[1024];
    private int length;

    public HashInput Begin()
    {
        length = 0;
        return this;
    }

    /// <summary>Appends bytes without their length, for values of constant length.</summary>
    public HashInput Add(ReadOnlySpan<byte> raw)
    {
        raw.CopyTo(Room(raw.Length));
        return this;
    }

    public HashInput Add(byte one)
    {
        Room(1)[0] = one;
        return this;
    }

    /// <summary>Appends 8 bytes in big-endian order.</summary>
    public HashInput Add(long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), number);
        return this;
    }

    public HashInput AddField(ReadOnlySpan<byte> field)
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), field.Length);
        return Add(field);
    }

    public HashInput AddNull()
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), NullLength);
        return this;
    }

    /// <summary>Appends the text as UTF-8.</summary>
    public HashInput AddField(string? text)
    {
        if (text is null)
        {
            return AddNull();
        }

        var size = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), size);
        Encoding.UTF8.GetBytes(text, Room(size));
        return this;
    }

    /// <summary>Appends 16 bytes in the order of the text form of the UUID.</summary>
    public HashInput AddField(Guid? id)
    {
        if (id is not { } uuid)
        {
            return AddNull();
        }

        BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), 16);
        uuid.TryWriteBytes(Room(16), bigEndian: true, out _);
        return this;
    }

    public void Hash(Span<byte> hash)
    {
        sha256.AppendData(bytes.AsSpan(0, length));
        sha256.GetHashAndReset(hash);
    }

    public void Dispose() => sha256.Dispose();

    private Span<byte> Room(int size)
    {
        if (length + size > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + size));
        }

        length += size;
        return bytes.AsSpan(length - size, size);
    }
}
