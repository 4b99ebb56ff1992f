using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>A device that waits, as its person sees it.</summary>
public sealed record WaitingDevice(
    string UserCode,
    string Name,
    string Client,
    IReadOnlyList<string> Scopes,
    bool FullAccess,
    DateTimeOffset RequestedAt,
    string? Ip
);

/// <summary>The person's side of the device flow (RFC 8628, 3.3): types the code, sees who asks, approves or denies.
/// Five wrong codes in a session are enough.</summary>
public sealed class DeviceApproval(AppDbContext db, ServerKeys keys, TimeProvider clock)
{
    /// <summary>How many wrong codes a session may give.</summary>
    public const int MaxWrongCodes = 5;

    private static readonly Refusal Unknown = Refusal.Invalid(
        "unknown_code",
        "This code isn't valid. It may be mistyped or older than 15 minutes."
    );
    private static readonly Refusal TooMany = new(
        RefusalKind.TooMany,
        "too_many_codes",
        "Too many wrong codes. Sign out and in again to try more."
    );

    /// <summary>
    /// The device with this code. Refused as <c>unknown_code </c>, <c>too_many_codes </c>; as <c>device_decided </c> to
    /// the user who decided
    /// it.
    /// </summary>
    public async Task<Result<WaitingDevice>> FindAsync(Actor actor, string? typed, CancellationToken ct)
    {
        var found = await LookUpAsync(actor, typed, ct);
        return found.Then(request => new WaitingDevice(
            HumanReadableCode.Show(HumanReadableCode.Read(typed, DeviceFlow.UserCodeLength)!),
            request.Name,
            request.ClientId!,
            request.Scopes,
            request.FullAccess,
            request.RequestedAt,
            request.Ip
        ));
    }

    /// <summary>Lets the device in, in the actor's name. Wants a fresh sign-in. Refused as <see cref="FindAsync"/>
    /// does.</summary>
    public async Task<Result<Unit>> ApproveAsync(Actor actor, string? typed, CancellationToken ct) =>
        actor.RequireInteractive()
        ?? actor.RequireRecentSignIn(clock.Now())
        ?? await DecideAsync(actor, typed, DeviceRequestState.Approved, AuditActions.DeviceApproved, ct);

    /// <summary>Keeps the device out. Refused as <see cref="FindAsync"/> does.</summary>
    public Task<Result<Unit>> DenyAsync(Actor actor, string? typed, CancellationToken ct) =>
        DecideAsync(actor, typed, DeviceRequestState.Denied, AuditActions.DeviceDenied, ct);

    /// <summary>
    /// Inside a change: holds the actor's row, and says how and when they proved who they are. A change that ends all
    /// the actor's sessions
    /// either committed before, so the actor is refused here, or waits.
    /// </summary>
    internal async Task<Result<AuthenticationProof>> LockUserRowAsync(Actor actor, CancellationToken ct)
    {
        if (await UserRowLock.LockUserRowAsync(db, actor, ct) is { } gone)
        {
            return gone;
        }

        var method = actor.DeviceId is { } device
            ? await db.ConnectedDevices.Where(row => row.Id == device).Select(row => row.Method).SingleOrDefaultAsync(ct)
            : await db.Sessions.Where(row => row.Id == actor.SessionId).Select(row => row.Method).SingleOrDefaultAsync(ct);
        return method is null
            ? Refusals.Unauthenticated
            : new AuthenticationProof(actor.UserId!.Value, actor.AuthenticatedAt!.Value, method);
    }

    private async Task<Result<Unit>> DecideAsync(
        Actor actor,
        string? typed,
        DeviceRequestState decision,
        string action,
        CancellationToken ct
    )
    {
        var found = await LookUpAsync(actor, typed, ct);
        return found.Refusal is { } refused
            ? refused
            : await db.ChangeAsync<Unit>(
                actor,
                null,
                async change =>
                {
                    var proof = await LockUserRowAsync(actor, ct);
                    if (proof.Refusal is { } gone)
                    {
                        return gone;
                    }

                    var won = await db
                        .DeviceRequests.Where(row =>
                            row.Id == found.Value.Id && row.State == DeviceRequestState.Pending && row.ExpiresAt > change.At
                        )
                        .ExecuteUpdateAsync(
                            set =>
                                set.SetProperty(row => row.State, decision)
                                    .SetProperty(row => row.DecidedById, proof.Value.UserId)
                                    .SetProperty(row => row.AuthenticatedAt, proof.Value.AuthenticatedAt)
                                    .SetProperty(row => row.Method, proof.Value.Method),
                            ct
                        );
                    if (won == 0)
                    {
                        return Unknown;
                    }

                    change.Record(
                        action,
                        found.Value.AsTarget(),
                        new
                        {
                            client = found.Value.ClientId,
                            scopes = found.Value.Scopes,
                            requestedFrom = found.Value.Ip,
                            found.Value.RequestedAt,
                        }
                    );
                    return default(Unit);
                },
                ct
            );
    }

    // A wrong code is reserved before it is looked at, else a burst of guesses would all be looked at; a right one
    // gives it back.
    private async Task<Result<DeviceRequest>> LookUpAsync(Actor actor, string? typed, CancellationToken ct)
    {
        if (actor.RequireInteractive() is { } refused)
        {
            return refused;
        }

        if (actor.SessionId is not { } session)
        {
            return Refusals.InteractiveRequired;
        }

        if (await CountAsync(session, 1, ct) == 0)
        {
            return TooMany;
        }

        var now = clock.Now();
        var hash = HumanReadableCode.Read(typed, DeviceFlow.UserCodeLength) is { } code
            ? HumanReadableCode.Hash(keys.DerivationKey, DeviceFlow.UserCodePurpose, code)
            : [];
        var found = await db.DeviceRequests.AsNoTracking().SingleOrDefaultAsync(row => row.UserCodeHash == hash, ct);
        var isTheirs = found?.DecidedById == actor.UserId;
        if (found is null || !(isTheirs || (found.State == DeviceRequestState.Pending && found.ExpiresAt > now)))
        {
            return Unknown;
        }

        await CountAsync(session, -1, ct);
        return isTheirs
            ? Refusal.Conflict(
                "device_decided",
                found.State == DeviceRequestState.Denied
                    ? "You already denied this request. Start again on the device."
                    : "You already authorized this device."
            )
            : found;
    }

    private Task<int> CountAsync(Guid session, int by, CancellationToken ct) =>
        db.WriteUnauditedAsync(
            UnauditedWrite.WrongCodes,
            () =>
                db
                    .Sessions.Where(row => row.Id == session && (by < 0 || row.WrongCodes < MaxWrongCodes))
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.WrongCodes, row => row.WrongCodes + by), ct),
            ct
        );
}
