namespace AdminConsole.Core.Security;

/// <summary>Computes CRC-32 as in zlib and PNG (ISO-HDLC, reflected polynomial 0xEDB88320) over ASCII text.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static uint Of(ReadOnlySpan<char> text)
    {
        var crc = uint.MaxValue;
        foreach (var character in text)
        {
            crc = Table[(byte)(crc ^ character)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint Entry(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return crc;
    }
}
