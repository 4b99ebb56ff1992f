using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Tokens;

/// <summary>
/// Says whether a secret is a good token, hardly ever asking the database: what was found good is remembered for a minute at most, or until
/// the change feed tells of a change of the token, its owner or a role. What is malformed is refused from its text alone.
/// </summary>
public sealed class TokenVerifier : IDisposable
{
    private const int Most = 100_000;

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<ulong, VerifiedToken> known = new();
    private readonly Lock gate = new();
    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider clock;
    private readonly LastUsed lastUsed;
    private readonly IDisposable subscription;
    private int epoch;

    public TokenVerifier(ChangeFeed feed, IServiceScopeFactory scopes, TimeProvider clock, LastUsed lastUsed)
    {
        (this.scopes, this.clock, this.lastUsed) = (scopes, clock, lastUsed);
        subscription = feed.Listen(Forget);
    }

    public void Dispose() => subscription.Dispose();

    /// <summary>The token, if it is remembered as good; without waiting. Notes its use.</summary>
    public VerifiedToken? Recall(ReadOnlySpan<char> presented, string? ip)
    {
        if (!Secret.IsToken(presented))
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Secret.HashToken(presented, hash);
        var now = clock.GetUtcNow().UtcTicks;
        if (!known.TryGetValue(KeyOf(hash), out var token) || !token.Is(hash, now))
        {
            return null;
        }

        token.NoteUse(now, ip);
        return token;
    }

    /// <summary>The token or why it is not accepted. The successor's first use ends the overlap of the old one, where that was the wish.</summary>
    public async ValueTask<TokenCheck> VerifyAsync(string presented, string? ip, CancellationToken ct)
    {
        if (!Secret.IsToken(presented))
        {
            return new(null, TokenFault.Malformed);
        }

        return Recall(presented, ip) is { } token ? new(token, null) : await LookUpAsync(presented, ip, ct);
    }

    private async Task<TokenCheck> LookUpAsync(string presented, string? ip, CancellationToken ct)
    {
        var hash = Secret.Hash(presented);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        while (true)
        {
            // Before the first look: whatever changes from here on keeps the answer from being remembered.
            var before = Volatile.Read(ref epoch);
            var prefix = presented[..Secret.TokenPrefixLength];
            var candidates = await db.PersonalAccessTokens.AsNoTracking().Where(token => token.Prefix == prefix).ToListAsync(ct);
            if (candidates.Find(token => CryptographicOperations.FixedTimeEquals(token.Hash, hash)) is not { } found)
            {
                return new(null, TokenFault.Unknown);
            }

            var now = clock.Now();
            var row = await TokenOwnerRow.ReadAsync(db, found.OwnerId, ct);
            if ((FaultOf(found, now) ?? (row is null ? TokenFault.OwnerInactive : null)) is { } fault)
            {
                return new(null, fault);
            }

            var actor = row!.ToActor(found);
            if (found.RotatedFrom is { } old && await TokenOverlap.EndByFirstUseAsync(db, old, actor, ct))
            {
                continue;
            }

            var verified = new VerifiedToken(found, actor, lastUsed.Of(found.Id), now + Remembered);
            verified.NoteUse(now.UtcTicks, ip);
            Remember(KeyOf(hash), verified, before);
            return new(verified, null);
        }
    }

    private static TokenFault? FaultOf(PersonalAccessToken token, DateTimeOffset now) =>
        token.RevokedAt is not null ? TokenFault.Revoked
        : token.IsRotatedOut(now) ? TokenFault.RotatedOut(token.Id)
        : token.ExpiresAt <= now ? TokenFault.Expired
        : token.Active ? null : TokenFault.Inactive;

    private void Remember(ulong key, VerifiedToken token, int before)
    {
        lock (gate)
        {
            if (epoch == before)
            {
                if (known.Count >= Most)
                {
                    known.Clear();
                }

                known[key] = token;
            }
        }
    }

    // On the committing thread, before the change is answered: whoever asks after the answer finds nothing remembered.
    private void Forget(IReadOnlyList<ChangeNotice> notices)
    {
        var concerned = notices.Where(notice => notice.TargetType is "token" or "user").Select(notice => notice.TargetId).ToHashSet();
        var all = notices.Any(notice => notice.TargetType == "role");
        if (concerned.Count == 0 && !all)
        {
            return;
        }

        lock (gate)
        {
            epoch++;
            foreach (var (key, token) in known)
            {
                if (all || concerned.Contains(token.Id.ToString()) || concerned.Contains(token.OwnerId.ToString()))
                {
                    known.TryRemove(key, out _);
                }
            }
        }
    }

    private static ulong KeyOf(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);
}
