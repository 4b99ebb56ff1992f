using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Tokens;

/// <summary>Replaces a token by a successor with the same name and scopes and a new secret. The old token ends
/// immediately or after a grace period.</summary>
public sealed class TokenRotation(AppDbContext db, TimeProvider clock)
{
    private static readonly Refusal Already = Refusal.Conflict("already_rotated", "This token was already rotated. Rotate its successor.");

    private static readonly Refusal Ended = Refusal.Conflict("token_ended", "This token has ended and can't be rotated. Create a new one.");

    /// <summary>Rotates one of the actor's own tokens. Of concurrent calls, only one succeeds; the others are refused
    /// as <c>already_rotated</c>. Also refused as <c>token_ended</c>.</summary>
    public async Task<Result<CreatedToken>> RotateAsync(Actor actor, Guid id, RotateTokenRequest request, CancellationToken ct) =>
        actor.RequireInteractive()
        ?? actor.RequireRecentSignIn(clock.Now())
        ?? await RotateAsync(actor, id, request, mustBeActive: false, ct);

    /// <summary>Rotates the token that authenticated the request. Requires the scope tokens.rotate. Refused like
    /// <see cref="RotateAsync(Actor, Guid, RotateTokenRequest, CancellationToken)"/>.</summary>
    public async Task<Result<CreatedToken>> RotateCurrentAsync(Actor actor, RotateTokenRequest request, CancellationToken ct) =>
        actor.Require(Permissions.TokensRotate) is { } refused ? refused
        : actor.TokenId is { } id ? await RotateAsync(actor, id, request, mustBeActive: true, ct)
        : Refusal.Invalid("token_required", "Only a token can rotate itself. Send it as a bearer token.");

    /// <summary>Ends the grace period of a token that stays valid until its successor is first used. Returns true if
    /// this call ended it.</summary>
    internal static async Task<bool> EndGracePeriodByFirstUseAsync(AppDbContext db, Actor user, Guid rotated, CancellationToken ct)
    {
        var waiting = db.PersonalAccessTokens.Where(token => token.Id == rotated && token.EndsOnFirstUse);
        if (!await waiting.AnyAsync(ct))
        {
            return false;
        }

        var ended = await db.ChangeAsync<bool>(
            user,
            null,
            async change =>
            {
                var old = await waiting.AsNoTracking().SingleOrDefaultAsync(ct);
                var end = old?.OverlapEndsAt < change.At ? old.OverlapEndsAt : change.At;
                if (
                    old is null
                    || await waiting.ExecuteUpdateAsync(
                        set => set.SetProperty(token => token.OverlapEndsAt, end).SetProperty(token => token.EndsOnFirstUse, false),
                        ct
                    ) == 0
                )
                {
                    return false;
                }

                change.Record(
                    AuditActions.TokenUpdated,
                    old.AsTarget(),
                    new
                    {
                        changes = FieldChange.Between(new("overlapEndsAt", old.OverlapEndsAt, end), new("endsOnFirstUse", true, false)),
                        reason = "its successor was used",
                    }
                );
                return true;
            },
            ct
        );
        return ended.Match(value => value, _ => false);
    }

    private async Task<Result<CreatedToken>> RotateAsync(
        Actor actor,
        Guid id,
        RotateTokenRequest request,
        bool mustBeActive,
        CancellationToken ct
    )
    {
        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var settings = await db.SettingsAsync(ct);
        var secret = Secret.CreateToken();
        return await db.ChangeAsync<CreatedToken>(
            actor,
            null,
            async change =>
            {
                if (await db.LockUserRowAsync(actor, ct) is { } ownerRefusal)
                {
                    return ownerRefusal;
                }

                DateTimeOffset? overlapEndsAt = request is { EndOnFirstUse: true, OverlapMinutes: null }
                    ? null
                    : change.At.AddMinutes(request.OverlapMinutes ?? 0);
                var endsOnFirstUse = request.EndOnFirstUse && overlapEndsAt != change.At;
                var own = db.PersonalAccessTokens.Where(token => token.Id == id && token.OwnerId == actor.UserId);
                // Of two concurrent rotations, only one updates the row.
                var won = await own.Where(token =>
                        token.RotatedAt == null
                        && token.RevokedAt == null
                        && (token.ExpiresAt == null || token.ExpiresAt > change.At)
                        && (token.Active || !mustBeActive)
                    )
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(token => token.RotatedAt, change.At)
                                .SetProperty(token => token.OverlapEndsAt, overlapEndsAt)
                                .SetProperty(token => token.EndsOnFirstUse, endsOnFirstUse),
                        ct
                    );
                if (await own.AsNoTracking().SingleOrDefaultAsync(ct) is not { } old)
                {
                    return Refusal.NotFound("Token not found.");
                }

                if (actor.TokenId != id && !old.IsWithin(actor))
                {
                    return Refusals.ExceedsScopes;
                }

                if (won == 0)
                {
                    return old is { RevokedAt: null, RotatedAt: not null } ? Already : Ended;
                }

                var successor = old.CreateSuccessor(secret, change.At, TokenExpiry.OfSuccessor(old, settings, change.At));
                db.Add(successor);
                change.Record(
                    AuditActions.TokenRotated,
                    old.AsTarget(),
                    new
                    {
                        successor = new
                        {
                            successor.Id,
                            successor.Prefix,
                            successor.ExpiresAt,
                        },
                        overlapEndsAt,
                        endsOnFirstUse,
                    }
                );
                return new CreatedToken(successor.ToSummary(change.At), secret);
            },
            ct
        );
    }
}
