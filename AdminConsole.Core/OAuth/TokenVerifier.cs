using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.OAuth;

/// <summary>Verifies bearer tokens, mostly without a database query. Valid tokens are cached for up to 60 s, and
/// evicted when the change feed reports a change of the token, its device, its owner, a role or the settings. Malformed
/// tokens are rejected without a query. Thread-safe.</summary>
public sealed class TokenVerifier : IDisposable
{
    private const int MaxEntries = 100_000;

    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<ulong, VerifiedToken> cache = new();
    private readonly Lock gate = new();
    private readonly ChangeFeed feed;
    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider clock;
    private readonly TokenUsageWriter lastUsed;
    private readonly JwtAccessTokens access;
    private readonly IDisposable subscription;
    private int epoch;

    public TokenVerifier(
        ChangeFeed feed,
        IServiceScopeFactory scopes,
        TimeProvider clock,
        TokenUsageWriter lastUsed,
        JwtAccessTokens access
    )
    {
        (this.feed, this.scopes, this.clock, this.lastUsed, this.access) = (feed, scopes, clock, lastUsed, access);
        subscription = feed.Listen(Evict);
    }

    public void Dispose() => subscription.Dispose();

    /// <summary>Returns the token if it is cached as valid, and records its use. Does not block.</summary>
    public VerifiedToken? TryGetCached(ReadOnlySpan<char> presented, string? ip)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (!feed.IsComplete || !TryHash(presented, hash))
        {
            return null;
        }

        var now = clock.GetUtcNow().UtcTicks;
        if (!cache.TryGetValue(KeyOf(hash), out var token) || !token.Matches(hash, now))
        {
            return null;
        }

        token.RecordUse(now, ip);
        ConsoleMetrics.TokenCacheHit();
        return token;
    }

    /// <summary>Returns the token, or why it is not accepted. The first use of a successor ends the old token if its
    /// rotation requested that.</summary>
    public async ValueTask<TokenCheck> VerifyAsync(string presented, string? ip, CancellationToken ct)
    {
        if (TryGetCached(presented, ip) is { } token)
        {
            return new(token, null);
        }

        var check =
            Secret.IsToken(presented) ? await LookUpAsync(presented, ip, ct)
            : AccessTokenText.IsCandidate(presented) ? await LookUpDeviceAsync(presented, ct)
            : new(null, TokenError.Malformed);
        ConsoleMetrics.TokenLookedUp(check.Error?.Code);
        return check;
    }

    private async Task<TokenCheck> LookUpAsync(string presented, string? ip, CancellationToken ct)
    {
        var hash = Secret.Hash(presented);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        while (true)
        {
            // Read before the query: any change from here on prevents the result from being cached.
            var before = Volatile.Read(ref epoch);
            var prefix = presented[..Secret.TokenPrefixLength];
            var candidates = await db.PersonalAccessTokens.AsNoTracking().Where(token => token.Prefix == prefix).ToListAsync(ct);
            if (candidates.Find(token => CryptographicOperations.FixedTimeEquals(token.Hash, hash)) is not { } found)
            {
                return new(null, TokenError.Unknown);
            }

            var now = clock.Now();
            var row = await TokenOwnerSnapshot.ReadAsync(db, found.OwnerId, ct);
            if ((FaultOf(found, now) ?? (row is null ? TokenError.OwnerInactive : null)) is { } fault)
            {
                return new(null, fault);
            }

            var actor = row!.ToActor(found);
            if (found.RotatedFrom is { } old && await TokenRotation.EndGracePeriodByFirstUseAsync(db, actor, old, ct))
            {
                continue;
            }

            var verified = new VerifiedToken(found, actor, lastUsed.Of(found.Id), now + CacheDuration);
            verified.RecordUse(now.UtcTicks, ip);
            Cache(KeyOf(hash), verified, before);
            return new(verified, null);
        }
    }

    // The signature is verified only here. Cached tokens are found by their hash.
    private async Task<TokenCheck> LookUpDeviceAsync(string presented, CancellationToken ct)
    {
        var before = Volatile.Read(ref epoch);
        if (await access.ReadAsync(presented, ct) is not { } claims)
        {
            return new(null, TokenError.Unknown);
        }

        await using var scope = scopes.CreateAsyncScope();
        var (hash, now) = (Secret.Hash(presented), clock.Now());
        var check = await AccessTokenCheck.RunAsync(
            scope.ServiceProvider.GetRequiredService<AppDbContext>(),
            claims,
            hash,
            now,
            now + CacheDuration,
            ct
        );
        if (check.Token is { } verified)
        {
            Cache(KeyOf(hash), verified, before);
        }

        return check;
    }

    private static bool TryHash(ReadOnlySpan<char> presented, Span<byte> hash)
    {
        if (Secret.IsToken(presented))
        {
            Secret.HashToken(presented, hash);
            return true;
        }

        Span<byte> ascii = stackalloc byte[AccessTokenText.MaxCharacters];
        if (!AccessTokenText.IsCandidate(presented) || Ascii.FromUtf16(presented, ascii, out var length) != OperationStatus.Done)
        {
            return false;
        }

        Secret.HashAscii(ascii[..length], hash);
        return true;
    }

    private static TokenError? FaultOf(PersonalAccessToken token, DateTimeOffset now) =>
        token.RevokedAt is not null ? TokenError.Revoked
        : token.IsRotatedOut(now) ? TokenError.RotatedOut(token.Id)
        : token.ExpiresAt <= now ? TokenError.Expired
        : token.Active ? null
        : TokenError.Inactive;

    private void Cache(ulong key, VerifiedToken token, int before)
    {
        lock (gate)
        {
            if (epoch == before && feed.IsComplete)
            {
                if (cache.Count >= MaxEntries)
                {
                    cache.Clear();
                }

                cache[key] = token;
            }
        }
    }

    // Runs on the committing thread, before the response to the change, so that no later request finds a stale entry.
    private void Evict(IReadOnlyList<ChangeNotice> notices)
    {
        var concerned = notices
            .Where(notice => notice.TargetType is AuditTargetTypes.Token or AuditTargetTypes.Device or AuditTargetTypes.User)
            .Select(notice => notice.TargetId)
            .ToHashSet();
        var all = notices.Any(notice => notice.TargetType is AuditTargetTypes.Role or AuditTargetTypes.Settings);
        if (concerned.Count == 0 && !all)
        {
            return;
        }

        lock (gate)
        {
            epoch++;
            foreach (var (key, token) in cache)
            {
                if (all || concerned.Contains(token.Id.ToString()) || concerned.Contains(token.OwnerId.ToString()))
                {
                    cache.TryRemove(key, out _);
                }
            }
        }
    }

    private static ulong KeyOf(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);
}
