using System.Buffers;
using System.Numerics;

namespace AdminConsole.Core.Security;

/// <summary>Encodes bytes as digits and letters, so that a double-click selects all of the text.</summary>
internal static class Base62
{
    public const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static readonly SearchValues<char> Characters = SearchValues.Create(Digits);

    /// <summary>Writes the bytes as one big-endian number, padded with leading zeros. The text must be long enough: 43
    /// digits for 32 bytes.</summary>
    public static void Write(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        for (var at = text.Length - 1; at >= 0; at--)
        {
            number = BigInteger.DivRem(number, Digits.Length, out var digit);
            text[at] = Digits[(int)digit];
        }
    }

    /// <summary>Reads the output of <see cref="Write"/>. Returns false if the text is not such a number, or exceeds the
    /// size of the buffer.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        var number = BigInteger.Zero;
        foreach (var character in text)
        {
            var digit = Digits.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            number = (number * Digits.Length) + digit;
        }

        var length = number.GetByteCount(isUnsigned: true);
        if (length > bytes.Length)
        {
            return false;
        }

        bytes.Clear();
        return number.TryWriteBytes(bytes[^length..], out _, isUnsigned: true, isBigEndian: true);
    }
}
