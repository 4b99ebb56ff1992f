using System.Globalization;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>The cost of an Argon2id hash: memory in KiB, passes and lanes.</summary>
internal sealed record Argon2Cost(uint MemoryKib, uint Passes, uint Lanes)
{
    /// <summary>The parameters that OWASP recommends.</summary>
    public static readonly Argon2Cost Standard = new(19 * 1024, 2, 1);
}

/// <summary>An Argon2id hash, version 1.3, stored as a PHC string:
/// <c>$argon2id$v=19$m=19456,t=2,p=1$salt$tag</c>.</summary>
internal sealed record Argon2Hash(Argon2Cost Cost, byte[] Salt, byte[] Tag)
{
    public const string Prefix = "$argon2id$";

    // RFC 9106, section 3.1: a lane needs 8 KiB. The upper bounds keep a damaged row from exhausting memory.
    private const uint MemoryPerLane = 8;
    private const uint MaxMemoryKib = 2 * 1024 * 1024;
    private const uint MaxPasses = 64;
    private const uint MaxLanes = 64;
    private const int MinSaltBytes = 8;
    private const int MinTagBytes = 16;
    private const int MaxBytes = 64;

    /// <summary>Parses a PHC string. Returns null if it is not an Argon2id hash within the bounds.</summary>
    public static Argon2Hash? Read(string text)
    {
        if (
            text.Split('$') is not ["", "argon2id", "v=19", var costs, var salted, var tagged]
            || costs.Split(',') is not [var m, var t, var p]
            || Number(m, "m=") is not (> 0 and <= MaxMemoryKib and var memory)
            || Number(t, "t=") is not (> 0 and <= MaxPasses and var passes)
            || Number(p, "p=") is not (> 0 and <= MaxLanes and var lanes)
            || Bytes(salted) is not { Length: >= MinSaltBytes and <= MaxBytes } salt
            || Bytes(tagged) is not { Length: >= MinTagBytes and <= MaxBytes } tag
        )
        {
            return null;
        }

        return memory < MemoryPerLane * lanes ? null : new Argon2Hash(new Argon2Cost(memory, passes, lanes), salt, tag);
    }

    /// <summary>Returns the prefix of every hash with this cost.</summary>
    public static string PrefixOf(Argon2Cost cost) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}v=19$m={cost.MemoryKib},t={cost.Passes},p={cost.Lanes}$");

    public override string ToString() => $"{PrefixOf(Cost)}{Text(Salt)}${Text(Tag)}";

    private static uint? Number(string text, string name) =>
        text.StartsWith(name, StringComparison.Ordinal)
        && uint.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // PHC strings use Base64 without padding.
    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[]? Bytes(string text)
    {
        var buffer = new byte[text.Length];
        return
            text.All(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '/')
            && Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), buffer, out var length)
            ? buffer[..length]
            : null;
    }
}
