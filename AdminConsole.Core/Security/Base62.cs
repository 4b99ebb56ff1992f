using System.Buffers;
using System.Numerics;

namespace AdminConsole.Core.Security;

/// <summary>Bytes as digits and letters, which a double click selects as one word.</summary>
internal static class Base62
{
    public const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static readonly SearchValues<char> Characters = SearchValues.Create(Digits);

    /// <summary>Writes the bytes as one big-endian number, with leading zeros. The text must have room: 43 digits for
    /// 32 bytes.</summary>
    public static void Write(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        for (var at = text.Length - 1; at >= 0; at--)
        {
            number = BigInteger.DivRem(number, Digits.Length, out var digit);
            text[at] = Digits[(int)digit];
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; false where that is no number of so many bytes.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        var number = BigInteger.Zero;
        foreach (var letter in text)
        {
            var digit = Digits.IndexOf(letter, StringComparison.Ordinal);
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
