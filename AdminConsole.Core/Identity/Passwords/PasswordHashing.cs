using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using AdminConsole.Core.Common;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Identity.Passwords;

/// <summary>Whether a password matches a hash, and in which form.</summary>
public enum PasswordMatch
{
    No,

    /// <summary>The normalized form, which is the one that is hashed.</summary>
    Normalized,

    /// <summary>Only the form as typed, which an earlier version hashed without normalizing it.</summary>
    AsTyped,
}

/// <summary>Hashes and verifies passwords on dedicated threads, one fewer than there are cores. A burst of sign-ins
/// therefore does not starve other requests. If more than <see cref="QueueLength"/> operations are queued, further ones
/// are refused as <c>busy</c>. Uses Argon2id (RFC 9106) with OWASP's parameters (19 MiB, 2 passes, 1 lane) and stores
/// PHC strings.</summary>
public sealed class PasswordHashing : IDisposable
{
    public const int QueueLength = 64;

    private const int SaltBytes = 16;
    private const int TagBytes = 32;

    private static readonly Refusal Full = Refusal.Busy("Too many sign-ins at once. Try again in a moment.");

    private readonly Channel<Action> queue = Channel.CreateBounded<Action>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.Wait }
    );

    // Only verifies hashes of earlier versions, which used Identity's PBKDF2 if libargon2 was missing.
    private readonly PasswordHasher<AppUser> pbkdf2 = new();

    private readonly Argon2Library library;
    private readonly Argon2Cost cost;
    private readonly ILogger<PasswordHashing> log;
    private readonly Argon2Hash decoy;

    public PasswordHashing(ILogger<PasswordHashing> log)
        : this(log, Argon2Library.Fastest, Argon2Cost.Standard) { }

    internal PasswordHashing(ILogger<PasswordHashing> log, Argon2Library library, Argon2Cost cost)
    {
        (this.log, this.library, this.cost) = (log, library, cost);
        log.LogInformation("Passwords are hashed with Argon2id by {Library}.", library.Name);
        decoy = Derive(Security.Secret.Create());
        for (var thread = 0; thread < Math.Max(1, Environment.ProcessorCount - 1); thread++)
        {
            new Thread(Work) { IsBackground = true, Name = "password hashing" }.Start();
        }
    }

    public Task<Result<string>> HashAsync(string password) => MeasuredAsync(() => Derive(UnicodeText.Compose(password)).ToString());

    /// <summary>Returns whether the password matches the hash. Without a hash, returns false after the same
    /// time.</summary>
    public async Task<Result<bool>> VerifyAsync(string password, string? hash) =>
        (await MatchAsync(password, hash)).Then(match => match != PasswordMatch.No);

    /// <summary>Returns whether the password matches, and in which form. Verifies the form as typed first if it
    /// differs, then the normalized form. Takes the same time without a hash.</summary>
    public Task<Result<PasswordMatch>> MatchAsync(string password, string? hash) =>
        MeasuredAsync(() =>
        {
            var normalized = UnicodeText.Compose(password);
            return password != normalized && Verify(password, hash) ? PasswordMatch.AsTyped
                : Verify(normalized, hash) ? PasswordMatch.Normalized
                : PasswordMatch.No;
        });

    /// <summary>Returns whether a hash uses another algorithm or other parameters than
    /// <see cref="HashAsync"/>.</summary>
    public bool IsOutdated(string hash) => !hash.StartsWith(Argon2Hash.PrefixOf(cost), StringComparison.Ordinal);

    public void Dispose() => queue.Writer.TryComplete();

    /// <summary>Runs other expensive password work on the same threads, so that it is limited too. The threads use the
    /// invariant culture.</summary>
    internal async Task<Result<T>> EnqueueAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var accepted = queue.Writer.TryWrite(() =>
        {
            try
            {
                completion.SetResult(work());
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
            finally
            {
                ConsoleMetrics.HashDequeued();
            }
        });
        if (!accepted)
        {
            return Full;
        }

        ConsoleMetrics.HashQueued();
        return await completion.Task;
    }

    private Task<Result<T>> MeasuredAsync<T>(Func<T> work) =>
        EnqueueAsync(() =>
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                return work();
            }
            finally
            {
                ConsoleMetrics.HashDone(began);
            }
        });

    private void Work()
    {
        Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (queue.Reader.TryRead(out var work))
            {
                work();
            }
        }
    }

    private Argon2Hash Derive(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new Argon2Hash(cost, salt, library.Derive(ToBytes(password), salt, cost, TagBytes));
    }

    private bool Verify(string password, string? hash)
    {
        if (hash is not null && !hash.StartsWith(Argon2Hash.Prefix, StringComparison.Ordinal))
        {
            return VerifyPbkdf2(password, hash);
        }

        var stored = hash is null ? null : Argon2Hash.Read(hash);
        var supported = stored is not null && library.Supports(stored.Cost, stored.Salt.Length);
        if (hash is not null && !supported)
        {
            log.LogError(
                "A stored password hash cannot be checked by {Library}, so its user cannot sign in with a password: {Problem}. "
                    + "Install libargon2 (Debian: libargon2-1) or set a new password.",
                library.Name,
                stored is null ? "it is malformed" : $"{stored.Cost.Lanes} lanes and a salt of {stored.Salt.Length} bytes"
            );
        }

        // Without a hash to compare with, use a decoy to take the same time.
        var expected = supported ? stored! : decoy;
        var tag = library.Derive(ToBytes(password), expected.Salt, expected.Cost, expected.Tag.Length);
        return CryptographicOperations.FixedTimeEquals(tag, expected.Tag) && supported;
    }

    private bool VerifyPbkdf2(string password, string hash)
    {
        try
        {
            return pbkdf2.VerifyHashedPassword(null!, hash, password) != PasswordVerificationResult.Failed;
        }
        catch (FormatException)
        {
            log.LogError("A stored password hash is malformed, so its user cannot sign in with a password. Set a new password.");
            return false;
        }
    }

    // The only place where a password is converted to the bytes to hash.
    private static byte[] ToBytes(string password) => Encoding.UTF8.GetBytes(password);
}
