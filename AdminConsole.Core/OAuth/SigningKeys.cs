using System.Security.Cryptography;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.OAuth;

/// <summary>The keys that sign access tokens, stored in the database and encrypted by data protection. A new key is
/// created every 90 days. It is published for a day before it signs, and the old one for a day after, so that services
/// can cache the key set.</summary>
public sealed class SigningKeys(
    IServiceScopeFactory scopes,
    IDataProtectionProvider protection,
    TimeProvider clock,
    ILogger<SigningKeys> log
) : IDisposable
{
    internal const string NamePrefix = "signing-key-";

    private static readonly TimeSpan RotateEvery = TimeSpan.FromDays(90);
    private static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    // How often the keys are reloaded, because another node can create one; more often when a token names an unknown
    // key.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UnknownKeyPollInterval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim loading = new(1, 1);
    private readonly IDataProtector protector = protection.CreateProtector("AdminConsole.SigningKeys");
    private volatile Loaded? loaded;

    public void Dispose() => loading.Dispose();

    /// <summary>Returns all public keys that can have signed a valid token, and the next one.</summary>
    public async ValueTask<JwkSet> PublishedAsync(CancellationToken ct) =>
        new((await LoadedAsync(PollInterval, ct)).Keys.ConvertAll(key => key.Public));

    /// <summary>Returns the key to sign with. Must not be called inside a change, because it can create a
    /// key.</summary>
    internal async ValueTask<SigningKey> CurrentAsync(CancellationToken ct)
    {
        var (keys, now) = ((await LoadedAsync(PollInterval, ct)).Keys, clock.Now());
        return keys.FindLast(key => SignsFrom(key) <= now) ?? keys[0];
    }

    /// <summary>Returns the key with this id; null if there is none.</summary>
    internal async ValueTask<SigningKey?> FindAsync(string kid, CancellationToken ct) =>
        (await LoadedAsync(PollInterval, ct)).Keys.Find(key => key.Kid == kid)
        ?? (await LoadedAsync(UnknownKeyPollInterval, ct)).Keys.Find(key => key.Kid == kid);

    // The first key signs immediately, because no service has cached a key set yet.
    private static DateTimeOffset SignsFrom(SigningKey key) => key.Number == 1 ? key.CreatedAt : key.CreatedAt + Overlap;

    private async ValueTask<Loaded> LoadedAsync(TimeSpan atMost, CancellationToken ct)
    {
        if (loaded is { } recent && Age(recent) < atMost)
        {
            return recent;
        }

        await loading.WaitAsync(ct);
        try
        {
            return loaded is { } meanwhile && Age(meanwhile) < atMost ? meanwhile : loaded = await LoadAsync(ct);
        }
        finally
        {
            loading.Release();
        }
    }

    private TimeSpan Age(Loaded cached) => (clock.Now() - cached.At).Duration();

    private async Task<Loaded> LoadAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        while (true)
        {
            var now = clock.Now();
            var rows = await db.ServerSecrets.AsNoTracking().Where(secret => secret.Name.StartsWith(NamePrefix)).ToListAsync(ct);
            var keys = rows.ConvertAll(Read).OfType<SigningKey>().OrderBy(key => key.Number).ToList();
            if (keys.Count > 0 && now - keys[^1].CreatedAt < RotateEvery)
            {
                // Tokens of a key that was replaced more than a day ago have expired.
                var old = keys.Where((_, index) => index + 1 < keys.Count && SignsFrom(keys[index + 1]) + Overlap <= now).ToList();
                await DeleteExpiredAsync(db, old, ct);
                return new Loaded(keys.Except(old).ToList(), now);
            }

            await AddAsync(db, SigningKey.Create(rows.Select(row => NumberOf(row)).DefaultIfEmpty(0).Max() + 1, now), ct);
        }
    }

    private static int NumberOf(ServerSecret row) => int.Parse(row.Name[NamePrefix.Length..]);

    private SigningKey? Read(ServerSecret row)
    {
        try
        {
            return SigningKey.Read(NumberOf(row), protector.Unprotect(Convert.FromBase64String(row.Protected)));
        }
        catch (CryptographicException exception)
        {
            // Without the key, its access tokens are refused, and their devices refresh them.
            log.LogError(exception, "The signing key {Name} cannot be decrypted. Another key replaces it.", row.Name);
            return null;
        }
    }

    private async Task AddAsync(AppDbContext db, SigningKey key, CancellationToken ct)
    {
        var row = new ServerSecret
        {
            Name = $"{NamePrefix}{key.Number}",
            Protected = Convert.ToBase64String(protector.Protect(key.ToBytes())),
        };
        try
        {
            await db.WriteUnauditedAsync(
                UnauditedWrite.ServerKeys,
                async () =>
                {
                    db.Add(row);
                    return await db.SaveChangesAsync(ct);
                },
                ct
            );
        }
        catch (DbUpdateException exception) when (db.IsDuplicate(exception))
        {
            // Another node created the key concurrently. Both nodes use that one.
        }

        db.ChangeTracker.Clear();
    }

    private static async Task DeleteExpiredAsync(AppDbContext db, List<SigningKey> old, CancellationToken ct)
    {
        if (old.Count > 0)
        {
            var names = old.ConvertAll(key => $"{NamePrefix}{key.Number}");
            await db.WriteUnauditedAsync(
                UnauditedWrite.ServerKeys,
                () => db.ServerSecrets.Where(secret => names.Contains(secret.Name)).ExecuteDeleteAsync(ct),
                ct
            );
        }
    }

    private sealed record Loaded(List<SigningKey> Keys, DateTimeOffset At);
}
