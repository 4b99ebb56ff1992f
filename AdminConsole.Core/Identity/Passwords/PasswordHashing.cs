using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using AdminConsole.Core.Common;
using AdminConsole.Core.Names;
using AdminConsole.Core.System;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Identity.Passwords;

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
/// Hashes and checks passwords on threads of its own, one fewer than there are cores, so that a storm of sign-ins never
/// starves
/// other requests; when more than <see cref="QueueLength"/> wait, further ones are refused as <c>busy</c>.
/// Argon2id (RFC 9106) as PHC strings with OWASP's parameters: 19 MiB, 2 passes, 1 lane.
/// </summary>
public sealed class PasswordHashing : IDisposable
{
    public const int QueueLength = 64;

    private const int SaltBytes = 16;
    private const int TagBytes = 32;

    private static readonly Refusal Full = Refusal.Busy("Too many sign-ins at once. Try again in a moment.");

    private readonly Channel<Action> queue = Channel.CreateBounded<Action>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.Wait }
    );

    // Earlier versions hashed with Identity's PBKDF2 where libargon2 was missing. It only checks those hashes.
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

    /// <summary>Whether the password is the one that was hashed. Without a hash the answer is no, and takes as
    /// long.</summary>
    public async Task<Result<bool>> VerifyAsync(string password, string? hash) =>
        (await MatchAsync(password, hash)).Then(match => match != PasswordMatch.No);

    /// <summary>The same, with the form that matched: as typed first, then normalized, where that differs. Both take as
    /// long without a hash.</summary>
    public Task<Result<PasswordMatch>> MatchAsync(string password, string? hash) =>
        MeasuredAsync(() =>
        {
            var normalized = UnicodeText.Compose(password);
            return password != normalized && Verify(password, hash) ? PasswordMatch.AsTyped
                : Verify(normalized, hash) ? PasswordMatch.Normalized
                : PasswordMatch.No;
        });

    /// <summary>Whether a hash is not what <see cref="HashAsync"/> would make today: another algorithm, or other
    /// parameters.</summary>
    public bool IsOutdated(string hash) => !hash.StartsWith(Argon2Hash.PrefixOf(cost), StringComparison.Ordinal);

    public void Dispose() => queue.Writer.TryComplete();

    /// <summary>Runs other costly work about a password on the same threads, so that it is bounded too. Their culture
    /// is invariant.</summary>
    internal async Task<Result<T>> QueuedAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var accepted = queue.Writer.TryWrite(() =>
        {
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
                ConsoleMetrics.HashDequeued();
            }
        });
        if (!accepted)
        {
            return Full;
        }

        ConsoleMetrics.HashQueued();
        return await done.Task;
    }

    private Task<Result<T>> MeasuredAsync<T>(Func<T> work) =>
        QueuedAsync(() =>
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

        // Takes as long where there is nothing to compare with.
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

    // The one place where a password becomes the bytes that are hashed.
    private static byte[] ToBytes(string password) => Encoding.UTF8.GetBytes(password);
}
