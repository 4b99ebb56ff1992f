using System.Buffers;
using System.Numerics;

namespace AdminConsole.Core.Security;

/// <summary>Bytes as digits and letters, which a double click selects as one word.</summary>
internal static class Base62
{
    public const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static readonly SearchValues<char> Characters = SearchValues.Create(Digits);

    /// <summary>Writes the bytes as one big-endian number, with leading zeros. The text must have room: 43 digits for 32 bytes.</summary>
    public static void Write(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        for (var at = text.Length - 1; at >= 0; at--)
        {
            number = BigInteger.DivRem(number, Digits.Length, out var digit);
            text[at] = Digits[(int)digit];
        }
    }
}
