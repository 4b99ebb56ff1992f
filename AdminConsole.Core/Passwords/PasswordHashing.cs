using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using AdminConsole.Core.Names;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AdminConsole.Core.Passwords;

/// <summary>Whether a password is the one that was hashed, and in which form.</summary>
public enum PasswordMatch
{
    No,

    /// <summary>Normalized, which is how passwords are hashed.</summary>
    Normalized,

    /// <summary>Only in the form it was typed in, which an earlier version hashed without normalizing it.</summary>
    AsTyped,
}

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

    public Task<Result<string>> HashAsync(string password) => QueuedAsync(() => Hash(UnicodeText.Compose(password)));

    /// <summary>Whether the password is the one that was hashed. Without a hash the answer is no, and takes as long.</summary>
    public async Task<Result<bool>> VerifyAsync(string password, string? hash) => (await MatchAsync(password, hash)).Then(match => match != PasswordMatch.No);

    /// <summary>The same, with the form that matched: as typed first, then normalized, where that differs. Both take as long without a hash.</summary>
    public Task<Result<PasswordMatch>> MatchAsync(string password, string? hash) => QueuedAsync(() =>
    {
        var normalized = UnicodeText.Compose(password);
        var match = password != normalized && Verify(password, hash ?? decoy) ? PasswordMatch.AsTyped
            : Verify(normalized, hash ?? decoy) ? PasswordMatch.Normalized
            : PasswordMatch.No;
        return hash is null ? PasswordMatch.No : match;
    });

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
