using System.Buffers.Binary;
using System.Text;

namespace AdminConsole.Benchmarks.Circuits;

/// <summary>The subset of MessagePack that Blazor's hub protocol ("blazorpack") needs: each message is an array with a
/// length prefix.</summary>
internal static class BlazorPack
{
    /// <summary>Encodes a hub invocation without a result.</summary>
    public static byte[] Call(string target, params object?[] arguments) => Message([1L, Headers, null, target, arguments]);

    /// <summary>Encodes a hub invocation whose completion has this id.</summary>
    public static byte[] Ask(string id, string target, params object?[] arguments) => Message([1L, Headers, id, target, arguments]);

    /// <summary>Encodes a ping. The server closes a connection after 30 seconds without a message.</summary>
    public static byte[] Ping() => Message([6L]);

    /// <summary>Decodes the first complete message, and returns the number of bytes it took with its length prefix; 0
    /// if incomplete.</summary>
    public static (int Taken, object?[] Message) Read(ReadOnlyMemory<byte> received)
    {
        var (length, at) = (0, 0);
        for (var shift = 0; ; shift += 7)
        {
            if (at == received.Length)
            {
                return (0, []);
            }

            var part = received.Span[at++];
            length |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                break;
            }
        }

        if (received.Length - at < length)
        {
            return (0, []);
        }

        var position = at;
        return (at + length, (object?[])Value(received, ref position)!);
    }

    private static readonly Dictionary<string, string> Headers = [];

    private static byte[] Message(object?[] message)
    {
        using var body = new MemoryStream();
        Write(body, message);
        using var framed = new MemoryStream();
        var length = (int)body.Length;
        while (length > 0x7F)
        {
            framed.WriteByte((byte)(length | 0x80));
            length >>= 7;
        }

        framed.WriteByte((byte)length);
        body.WriteTo(framed);
        return framed.ToArray();
    }

    private static void Write(MemoryStream to, object? value)
    {
        switch (value)
        {
            case null:
                to.WriteByte(0xC0);
                break;
            case bool yes:
                to.WriteByte((byte)(yes ? 0xC3 : 0xC2));
                break;
            case long number:
                to.WriteByte(0xD3);
                Span<byte> digits = stackalloc byte[8];
                BinaryPrimitives.WriteInt64BigEndian(digits, number);
                to.Write(digits);
                break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                to.WriteByte(0xDB);
                Span<byte> size = stackalloc byte[4];
                BinaryPrimitives.WriteInt32BigEndian(size, bytes.Length);
                to.Write(size);
                to.Write(bytes);
                break;
            case Dictionary<string, string>:
                to.WriteByte(0x80);
                break;
            case object?[] { Length: < 16 } items:
                to.WriteByte((byte)(0x90 | items.Length));
                Array.ForEach(items, item => Write(to, item));
                break;
            default:
                throw new NotSupportedException($"{value.GetType()} is not supported.");
        }
    }

    // Byte strings reference the receive buffer: a render batch is searched before the next message is read.
    private static object? Value(ReadOnlyMemory<byte> from, ref int at)
    {
        var kind = from.Span[at++];
        return kind switch
        {
            < 0x80 => (long)kind,
            < 0x90 => Map(from, ref at, kind & 0x0F),
            < 0xA0 => Items(from, ref at, kind & 0x0F),
            < 0xC0 => Text(from, ref at, kind & 0x1F),
            0xC0 => null,
            0xC2 => false,
            0xC3 => true,
            0xC4 or 0xC5 or 0xC6 => Bytes(from, ref at, (int)Number(from, ref at, 1 << (kind - 0xC4))),
            0xCA => Number(from, ref at, 4),
            0xCB => Number(from, ref at, 8),
            >= 0xCC and <= 0xCF => Number(from, ref at, 1 << (kind - 0xCC)),
            >= 0xD0 and <= 0xD3 => Number(from, ref at, 1 << (kind - 0xD0)),
            0xD9 or 0xDA or 0xDB => Text(from, ref at, (int)Number(from, ref at, 1 << (kind - 0xD9))),
            0xDC or 0xDD => Items(from, ref at, (int)Number(from, ref at, kind == 0xDC ? 2 : 4)),
            >= 0xE0 => (long)(sbyte)kind,
            _ => throw new NotSupportedException($"MessagePack format {kind:X2} is not supported."),
        };
    }

    private static long Number(ReadOnlyMemory<byte> from, ref int at, int bytes)
    {
        long number = 0;
        for (var end = at + bytes; at < end; at++)
        {
            number = (number << 8) | from.Span[at];
        }

        return number;
    }

    private static ReadOnlyMemory<byte> Bytes(ReadOnlyMemory<byte> from, ref int at, int length) => from[at..(at += length)];

    private static string Text(ReadOnlyMemory<byte> from, ref int at, int length) => Encoding.UTF8.GetString(from.Span[at..(at += length)]);

    private static object?[] Items(ReadOnlyMemory<byte> from, ref int at, int count)
    {
        var items = new object?[count];
        for (var index = 0; index < count; index++)
        {
            items[index] = Value(from, ref at);
        }

        return items;
    }

    // Skips the headers, which are empty.
    private static object? Map(ReadOnlyMemory<byte> from, ref int at, int count)
    {
        _ = Items(from, ref at, 2 * count);
        return null;
    }
}
