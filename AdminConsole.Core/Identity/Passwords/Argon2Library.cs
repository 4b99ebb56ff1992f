using System.Runtime.InteropServices;
using NSec.Cryptography;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>An implementation of Argon2id, version 1.3 (RFC 9106). All implementations return the same bytes.</summary>
internal abstract class Argon2Library
{
    /// <summary>The system's libargon2 if it is installed, because it takes 0.4 × the processor time; otherwise
    /// libsodium.</summary>
    public static Argon2Library Fastest { get; } = LibArgon2.IsInstalled ? new LibArgon2() : new Libsodium();

    /// <summary>The library's name for the log.</summary>
    public abstract string Name { get; }

    /// <summary>Returns whether <see cref="Derive"/> supports these parameters.</summary>
    public abstract bool Supports(Argon2Cost cost, int saltBytes);

    public abstract byte[] Derive(byte[] password, byte[] salt, Argon2Cost cost, int tagBytes);
}

/// <summary>The reference implementation, a system library (Debian: libargon2-1).</summary>
internal sealed partial class LibArgon2 : Argon2Library
{
    private const string File = "libargon2.so.1";

    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(File, out _);

    public override string Name => "libargon2";

    public override bool Supports(Argon2Cost cost, int saltBytes) => true;

    public override byte[] Derive(byte[] password, byte[] salt, Argon2Cost cost, int tagBytes)
    {
        var tag = new byte[tagBytes];
        var error = HashRaw(
            cost.Passes,
            cost.MemoryKib,
            cost.Lanes,
            password,
            (nuint)password.Length,
            salt,
            (nuint)salt.Length,
            tag,
            (nuint)tagBytes
        );
        return error == 0 ? tag : throw new InvalidOperationException($"libargon2 failed with error {error}.");
    }

    [LibraryImport(File, EntryPoint = "argon2id_hash_raw")]
    private static partial int HashRaw(
        uint passes,
        uint memoryKib,
        uint lanes,
        byte[] password,
        nuint passwordLength,
        byte[] salt,
        nuint saltLength,
        [Out] byte[] tag,
        nuint tagLength
    );
}

/// <summary>libsodium, which NSec includes for every platform. It supports only one lane and salts of 16 bytes; this
/// application stores no others.</summary>
internal sealed class Libsodium : Argon2Library
{
    private const int SaltBytes = 16;

    public override string Name => "libsodium";

    public override bool Supports(Argon2Cost cost, int saltBytes) => cost.Lanes == 1 && saltBytes == SaltBytes;

    public override byte[] Derive(byte[] password, byte[] salt, Argon2Cost cost, int tagBytes) =>
        PasswordBasedKeyDerivationAlgorithm
            .Argon2id(
                new Argon2Parameters
                {
                    DegreeOfParallelism = (int)cost.Lanes,
                    MemorySize = cost.MemoryKib,
                    NumberOfPasses = cost.Passes,
                }
            )
            .DeriveBytes(password, salt, tagBytes);
}
