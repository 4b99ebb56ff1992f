using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Tokens;

/// <summary>The lifetimes that new tokens can have, according to the settings.</summary>
public sealed record TokenPolicy(int DefaultDays, int MaximumDays, bool MayLiveForEver);

/// <summary>The personal access tokens of the caller. All operations require a signed-in user
/// (<c>interactive_required</c>); changes also require a recent sign-in (<c>fresh_sign_in_required</c>). A device with
/// limited scopes can only view and change tokens whose scopes it has itself (<c>insufficient_scope</c>).</summary>
public sealed class PersonalAccessTokens(AppDbContext db, TokenUsageWriter lastUsed, TimeProvider clock)
{
    private static readonly Refusal NoSuchToken = Refusal.NotFound("Token not found.");

    private static readonly Refusal Ended = Refusal.Conflict("token_ended", "This token has ended and can't be changed. Create a new one.");

    /// <summary>Lists the caller's tokens, newest first, including revoked and expired ones.</summary>
    public async Task<Result<Page<TokenSummary>>> ListAsync(Actor actor, PageQuery page, CancellationToken ct)
    {
        if (actor.RequireInteractive() is { } refused)
        {
            return refused;
        }

        var now = clock.Now();
        var own = db.PersonalAccessTokens.Where(token => token.OwnerId == actor.UserId);
        if (!actor.HasFullAccess)
        {
            var beyond = (await own.AsNoTracking().ToListAsync(ct)).FindAll(token => !token.IsWithin(actor)).ConvertAll(token => token.Id);
            own = own.Where(token => !EF.Parameter(beyond).Contains(token.Id));
        }

        return await own.PageAsync(page, token => lastUsed.WithCurrentUsage(token.ToSummary(now)), ct);
    }

    public async Task<Result<TokenSummary>> FindAsync(Actor actor, Guid id, CancellationToken ct)
    {
        if (actor.RequireInteractive() is { } refused)
        {
            return refused;
        }

        return await db
                .PersonalAccessTokens.AsNoTracking()
                .SingleOrDefaultAsync(token => token.Id == id && token.OwnerId == actor.UserId, ct)
                is not { } found
                ? NoSuchToken
            : !found.IsWithin(actor) ? Refusals.ExceedsScopes
            : lastUsed.WithCurrentUsage(found.ToSummary(clock.Now()));
    }

    /// <summary>Creates a token. Refused as <c>validation_failed</c> (also for a lifetime that the settings forbid),
    /// <c>unknown_scope</c>, <c>above_you</c> for a scope that the owner does not have, or
    /// <c>too_many_tokens</c>.</summary>
    public async Task<Result<CreatedToken>> CreateAsync(Actor actor, CreateTokenRequest request, CancellationToken ct)
    {
        var scopes = request.Scopes ?? [Permissions.ProfileRead];
        if (
            (RefusedToChange(actor) ?? Validation.Check(request) ?? NameText.Check("name", request.Name.Trim()) ?? CheckScopes(scopes)) is
            { } refused
        )
        {
            return refused;
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

                var expiry = TokenExpiry.Of(request, settings, change.At);
                if (expiry.Refusal is { } tooLong)
                {
                    return tooLong;
                }

                if (!actor.HasFullAccess && !scopes.All(actor.EffectivePermissions.Contains))
                {
                    return Refusals.ExceedsScopes;
                }

                if (!scopes.All((await RoleHierarchy.GrantedPermissionsAsync(db, actor.UserId!.Value, ct)).Contains))
                {
                    return Refusals.ExceedsActorPermissions;
                }

                if (
                    await db.PersonalAccessTokens.CountAsync(token => token.OwnerId == actor.UserId && token.RevokedAt == null, ct)
                    >= Limits.TokensPerUser
                )
                {
                    return Refusal.Conflict(
                        "too_many_tokens",
                        $"You have {Limits.TokensPerUser} active tokens, which is the limit. Revoke some first."
                    );
                }

                var created = PersonalAccessToken.Create(
                    actor.UserId.Value,
                    UnicodeText.Compose(request.Name.Trim()),
                    scopes,
                    secret,
                    change.At,
                    expiry.Value
                );
                db.Add(created);
                change.Record(AuditActions.TokenCreated, created.AsTarget(), new { scopes = created.Scopes, created.ExpiresAt });
                change.Mail(await db.Users.SingleAsync(user => user.Id == actor.UserId, ct), EmailTemplates.TokenCreated(created, change));
                return new CreatedToken(created.ToSummary(change.At), secret);
            },
            ct
        );
    }

    /// <summary>Renames, suspends or reactivates a token. Refused as <c>token_ended</c> once it is revoked, expired or
    /// rotated out.</summary>
    public async Task<Result<TokenSummary>> UpdateAsync(Actor actor, Guid id, UpdateTokenRequest request, CancellationToken ct) =>
        RefusedToChange(actor)
        ?? Validation.Check(request)
        ?? (request.Name is null ? null : NameText.Check("name", request.Name.Trim()))
        ?? await db.ChangeAsync<TokenSummary>(
            actor,
            null,
            async change =>
            {
                if (await FindOwnAsync(actor, id, ct) is not { } token)
                {
                    return NoSuchToken;
                }

                if (!token.IsWithin(actor))
                {
                    return Refusals.ExceedsScopes;
                }

                if (token.RevokedAt is not null || token.ExpiresAt <= change.At || token.IsRotatedOut(change.At))
                {
                    return Ended;
                }

                var (name, active) = (
                    request.Name is { } given ? UnicodeText.Compose(given.Trim()) : token.Name,
                    request.Active ?? token.Active
                );
                var changes = FieldChange.Between(new("name", token.Name, name), new("active", token.Active, active));
                if (changes.Length > 0)
                {
                    token.Name = name;
                    token.SetActive(active);
                    change.Record(AuditActions.TokenUpdated, token.AsTarget(), new { changes });
                }

                return lastUsed.WithCurrentUsage(token.ToSummary(change.At));
            },
            ct
        );

    /// <summary>Revokes a token permanently. Succeeds if it is already revoked.</summary>
    public async Task<Result<Unit>> RevokeAsync(Actor actor, Guid id, CancellationToken ct) =>
        RefusedToChange(actor)
        ?? await db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                if (await FindOwnAsync(actor, id, ct) is not { } token)
                {
                    return NoSuchToken;
                }

                if (!token.IsWithin(actor))
                {
                    return Refusals.ExceedsScopes;
                }

                await RevokeAsync(db, change, [token], "revoked by its owner", ct);
                return default(Unit);
            },
            ct
        );

    /// <summary>Inside a change, revokes those tokens that are not revoked yet, with an event for each. Returns their number.</summary>
    internal static async Task<int> RevokeAsync(
        AppDbContext db,
        ChangeContext change,
        IEnumerable<PersonalAccessToken> tokens,
        string reason,
        CancellationToken ct
    )
    {
        var revoked = 0;
        foreach (var token in tokens)
        {
            // Of two concurrent revocations, only one updates the row and records the event.
            if (
                await db
                    .PersonalAccessTokens.Where(row => row.Id == token.Id && row.RevokedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, change.At), ct) == 1
            )
            {
                change.Record(AuditActions.TokenRevoked, token.AsTarget(), new { reason });
                revoked++;
            }
        }

        return revoked;
    }

    /// <summary>Returns the lifetimes that the settings allow for new tokens.</summary>
    public async Task<TokenPolicy> PolicyAsync(CancellationToken ct)
    {
        var settings = await db.SettingsAsync(ct);
        return new TokenPolicy(
            Math.Min(settings.TokenDefaultDays, settings.TokenMaximumDays),
            settings.TokenMaximumDays,
            settings.TokensMayLiveForEver
        );
    }

    private Task<PersonalAccessToken?> FindOwnAsync(Actor actor, Guid id, CancellationToken ct) =>
        db.PersonalAccessTokens.SingleOrDefaultAsync(token => token.Id == id && token.OwnerId == actor.UserId, ct);

    private Refusal? RefusedToChange(Actor actor) => actor.RequireInteractive() ?? actor.RequireRecentSignIn(clock.Now());

    private static Refusal? CheckScopes(IReadOnlyList<string> scopes) =>
        scopes.Count == 0 ? Refusal.InvalidField("scopes", "Choose at least one scope.")
        : scopes.FirstOrDefault(scope => !Permissions.All.Contains(scope)) is { } unknown
            ? Refusal.Invalid("unknown_scope", $"The scope '{unknown}' doesn't exist.")
        : null;
}
