using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AdminConsole.Core.Passwords;

/// <summary>
/// Hashes and checks passwords on threads of its own, one fewer than there are cores, so that a storm of sign-ins never starves
/// other requests; when more than <see cref="QueueLength"/> wait, further ones are refused as <c>busy</c>.
/// Argon2id (RFC 9106) as PHC strings with OWASP's parameters: 19 MiB, 2 passes, 1 lane.
/// </summary>
public sealed partial class PasswordHashing : IDisposable
{
    public const int QueueLength = 64;

    private const uint MemoryKib = 19 * 1024;
    private const uint Passes = 2;
    private const uint Lanes = 1;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    private static readonly string Current = $"$argon2id$v=19$m={MemoryKib},t={Passes},p={Lanes}$";

    private static readonly Refusal Full = Refusal.Busy("Too many sign-ins at once. Try again in a moment.");

    private readonly Channel<Action> queue = Channel.CreateBounded<Action>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.Wait });

    // Where the library is missing: Identity's own PBKDF2-HMAC-SHA512.
    private readonly PasswordHasher<AppUser> fallback = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    private readonly string decoy;

    public PasswordHashing(ILogger<PasswordHashing> log)
    {
        if (!HasArgon2)
        {
            log.LogWarning("libargon2.so.1 was not found (Debian: libargon2-1); passwords are hashed with PBKDF2-HMAC-SHA512 instead of Argon2id.");
        }

        decoy = Hash(Security.Secret.Create());
        for (var thread = 0; thread < Math.Max(1, Environment.ProcessorCount - 1); thread++)
        {
            new Thread(Work) { IsBackground = true, Name = "password hashing" }.Start();
        }
    }

    /// <summary>True where the system's libargon2 could be loaded.</summary>
    public static bool HasArgon2 { get; } = NativeLibrary.TryLoad("libargon2.so.1", out _);

    public Task<Result<string>> HashAsync(string password) => QueuedAsync(() => Hash(password));

    /// <summary>Whether the password is the one that was hashed. Without a hash the answer is no, and takes as long.</summary>
    public Task<Result<bool>> VerifyAsync(string password, string? hash) =>
        QueuedAsync(() => Verify(password, hash ?? decoy) && hash is not null);

    /// <summary>Whether a hash is not what <see cref="HashAsync"/> would make today: another algorithm, or other parameters.</summary>
    public static bool IsOutdated(string hash) => HasArgon2 && !hash.StartsWith(Current, StringComparison.Ordinal);

    public void Dispose() => queue.Writer.TryComplete();

    private async Task<Result<T>> QueuedAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var accepted = queue.Writer.TryWrite(() =>
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                done.SetResult(work());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
            finally
            {
                ConsoleMetrics.HashDone(began);
            }
        });
        if (accepted)
        {
            ConsoleMetrics.HashQueued();
        }

        return accepted ? await done.Task : Full;
    }

    private void Work()
    {
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (queue.Reader.TryRead(out var work))
            {
                work();
            }
        }
    }

    private string Hash(string password)
    {
        if (!HasArgon2)
        {
            return fallback.HashPassword(null!, password);
        }

        var bytes = Encoding.UTF8.GetBytes(password);
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var encoded = new byte[128];
        var error = Argon2idHashEncoded(Passes, MemoryKib, Lanes, bytes, (nuint)bytes.Length, salt, SaltBytes, HashBytes, encoded, (nuint)encoded.Length);
        return error == 0
            ? Encoding.ASCII.GetString(encoded).TrimEnd('\0')
            : throw new InvalidOperationException($"libargon2 answered {error}.");
    }

    private bool Verify(string password, string hash)
    {
        if (!hash.StartsWith("$argon2id$", StringComparison.Ordinal))
        {
            return fallback.VerifyHashedPassword(null!, hash, password) != PasswordVerificationResult.Failed;
        }

        var bytes = Encoding.UTF8.GetBytes(password);
        return Argon2idVerify(hash, bytes, (nuint)bytes.Length) == 0;
    }

    [LibraryImport("libargon2.so.1", EntryPoint = "argon2id_hash_encoded")]
    private static partial int Argon2idHashEncoded(
        uint passes, uint memoryKib, uint lanes, byte[] password, nuint passwordLength, byte[] salt, nuint saltLength, nuint hashLength, [Out] byte[] encoded, nuint encodedLength);

    [LibraryImport("libargon2.so.1", EntryPoint = "argon2id_verify", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Argon2idVerify(string encoded, byte[] password, nuint passwordLength);
}
