using AdminConsole.Core.Authentication;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Names;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Account;

/// <summary>A passkey, as shown to its owner.</summary>
/// <param name="Id">The credential id that the authenticator chose.</param>
/// <param name="Name">The name that the owner chose.</param>
/// <param name="CreatedAt">When the passkey was added.</param>
/// <param name="IsBackedUp">True if the passkey is synced to other devices.</param>
public sealed record PasskeySummary(byte[] Id, string Name, DateTimeOffset CreatedAt, bool IsBackedUp);

/// <summary>Manages the actor's own passkeys. Adding or removing one requires a recent sign-in
/// (<c>fresh_sign_in_required</c>).</summary>
public sealed class OwnPasskeys(AppDbContext db, AppUserManager users, LastAdministratorRule administrators, TimeProvider clock)
{
    private static readonly Refusal Missing = Refusal.NotFound("No such passkey.");

    private static readonly Refusal LastWayIn = Refusal.Conflict(
        "last_way_in",
        "This passkey is your only way to sign in. Set a password or add another one first."
    );

    private static readonly Refusal Known = Refusal.Conflict("duplicate_passkey", "This passkey is already registered.");

    private static readonly Refusal TooMany = Refusal.Conflict(
        "too_many_passkeys",
        $"{Limits.PasskeysPerUser} passkeys is the limit. Remove one first."
    );

    private static readonly Refusal Spent = Refusal.Invalid("invalid_passkey", "This timed out or was already used. Try again.");

    /// <summary>Returns the passkeys, oldest first.</summary>
    public async Task<Result<IReadOnlyList<PasskeySummary>>> ListAsync(Actor actor, CancellationToken ct)
    {
        if (actor.RequireOwnFactors() is { } refused)
        {
            return refused;
        }

        var rows = await db.UserPasskeys.AsNoTracking().Where(row => row.UserId == actor.UserId).ToListAsync(ct);
        return Result.Of<IReadOnlyList<PasskeySummary>>([
            .. rows.OrderBy(row => row.Data.CreatedAt)
                .Select(row => new PasskeySummary(row.CredentialId, row.Data.Name ?? "Passkey", row.Data.CreatedAt, row.Data.IsBackedUp)),
        ]);
    }

    /// <summary>Checks whether a passkey may be added now. Call it before the browser creates one.</summary>
    public async Task<Result<Unit>> MayAddAsync(Actor actor, CancellationToken ct) =>
        Refused(actor) is { } refused ? refused
        : await db.UserPasskeys.CountAsync(row => row.UserId == actor.UserId, ct) >= Limits.PasskeysPerUser ? TooMany
        : default(Unit);

    /// <summary>Stores a passkey whose attestation was verified for this actor. Refused as <c>duplicate_passkey</c>,
    /// <c>too_many_passkeys</c>, or <c>invalid_passkey</c> if the challenge was used before.</summary>
    public async Task<Result<Unit>> AddAsync(
        Actor actor,
        UserPasskeyInfo passkey,
        string name,
        SingleUseToken challenge,
        CancellationToken ct
    ) =>
        Refused(actor)
        ?? CheckName(name)
        ?? await db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                if (!await challenge.ConsumeAsync(db, change, ct))
                {
                    return Spent;
                }

                if (await db.UserPasskeys.AnyAsync(row => row.CredentialId == passkey.CredentialId, ct))
                {
                    return Known;
                }

                var user = await db.Users.SingleAsync(row => row.Id == actor.UserId, ct);
                if (await db.UserPasskeys.CountAsync(row => row.UserId == user.Id, ct) >= Limits.PasskeysPerUser)
                {
                    return TooMany;
                }

                var added = new UserPasskeyInfo(
                    passkey.CredentialId,
                    passkey.PublicKey,
                    change.At,
                    passkey.SignCount,
                    passkey.Transports,
                    passkey.IsUserVerified,
                    passkey.IsBackupEligible,
                    passkey.IsBackedUp,
                    passkey.AttestationObject,
                    passkey.ClientDataJson
                )
                {
                    Name = UnicodeText.Compose(name.Trim()),
                };
                if ((await users.AddOrUpdatePasskeyAsync(user, added)).ToRefusal("name") is { } refused)
                {
                    return refused;
                }

                change.Record(AuditActions.PasskeyAdded, user.AsTarget(), new { name = added.Name });
                return default(Unit);
            },
            ct
        );

    public async Task<Result<Unit>> RenameAsync(Actor actor, byte[] id, string name, CancellationToken ct) =>
        actor.RequireOwnFactors()
        ?? CheckName(name)
        ?? await db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                if (
                    await db.UserPasskeys.SingleOrDefaultAsync(row => row.CredentialId == id && row.UserId == actor.UserId, ct)
                    is not { } passkey
                )
                {
                    return Missing;
                }

                var user = await db.Users.SingleAsync(row => row.Id == actor.UserId, ct);
                var changes = FieldChange.Between(new FieldChange("passkey", passkey.Data.Name, UnicodeText.Compose(name.Trim())));
                passkey.Data.Name = UnicodeText.Compose(name.Trim());
                change.Record(AuditActions.UserUpdated, user.AsTarget(), new { changes });
                return default(Unit);
            },
            ct
        );

    /// <summary>Removes a passkey, which can no longer be used to sign in. Refused as <c>last_way_in</c> if there is no
    /// password and no other passkey.</summary>
    public async Task<Result<Unit>> RemoveAsync(Actor actor, byte[] id, CancellationToken ct) =>
        Refused(actor)
        ?? await db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                if (
                    await db.UserPasskeys.SingleOrDefaultAsync(row => row.CredentialId == id && row.UserId == actor.UserId, ct)
                    is not { } passkey
                )
                {
                    return Missing;
                }

                var user = await db.Users.SingleAsync(row => row.Id == actor.UserId, ct);
                if (user.PasswordHash is null && await db.UserPasskeys.CountAsync(row => row.UserId == user.Id, ct) == 1)
                {
                    return LastWayIn;
                }

                if ((await users.RemovePasskeyAsync(user, id)).ToRefusal("name") is { } refused)
                {
                    return refused;
                }

                change.Record(AuditActions.PasskeyRemoved, user.AsTarget(), new { name = passkey.Data.Name });
                return await administrators.HoldsAsync(change, ct) ? default(Unit) : LastAdministratorRule.Violated;
            },
            ct,
            ChangeLock.Administrators
        );

    private Refusal? Refused(Actor actor) => actor.RequireOwnFactors() ?? actor.RequireRecentSignIn(clock.Now());

    private static Refusal? CheckName(string name) =>
        name.Length > Limits.PasskeyName || !UnicodeText.IsWellFormed(name)
            ? Refusal.InvalidField("name", $"Use 1 to {Limits.PasskeyName} characters.")
            : NameText.Check("name", name.Trim());
}
