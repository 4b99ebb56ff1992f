using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>A pending device, as shown to the user who enters its code.</summary>
public sealed record WaitingDevice(
    string UserCode,
    string Name,
    string Client,
    IReadOnlyList<string> Scopes,
    bool FullAccess,
    DateTimeOffset RequestedAt,
    string? Ip
);

/// <summary>The user's side of the device flow (RFC 8628, section 3.3). Finds a device by its code, and approves or
/// denies it. Allows five wrong codes per session.</summary>
public sealed class DeviceApproval(AppDbContext db, ServerKeys keys, TimeProvider clock)
{
    /// <summary>The maximum number of wrong codes per session.</summary>
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

    /// <summary>Returns the pending device with this code. Refused as <c>unknown_code</c>, <c>too_many_codes</c>, or
    /// <c>device_decided</c> if the same user has already decided.</summary>
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

    /// <summary>Approves the device for the actor. Requires a recent sign-in. Refused like
    /// <see cref="FindAsync"/>.</summary>
    public async Task<Result<Unit>> ApproveAsync(Actor actor, string? typed, CancellationToken ct) =>
        actor.RequireInteractive()
        ?? actor.RequireRecentSignIn(clock.Now())
        ?? await DecideAsync(actor, typed, DeviceRequestState.Approved, AuditActions.DeviceApproved, ct);

    /// <summary>Denies the device. Refused like <see cref="FindAsync"/>.</summary>
    public Task<Result<Unit>> DenyAsync(Actor actor, string? typed, CancellationToken ct) =>
        DecideAsync(actor, typed, DeviceRequestState.Denied, AuditActions.DeviceDenied, ct);

    /// <summary>Locks the actor's row inside a change, and returns how and when the actor authenticated. A change that
    /// ends all of the actor's sessions has either committed, and the actor is refused here, or it waits.</summary>
    internal async Task<Result<AuthenticationProof>> LockUserRowAsync(Actor actor, CancellationToken ct)
    {
        if (await db.LockUserRowAsync(actor, ct) is { } refusal)
        {
            return refusal;
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
                    if (proof.Refusal is { } proofRefusal)
                    {
                        return proofRefusal;
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

    // The attempt is counted before the code is looked up, so that concurrent guesses cannot exceed the limit. A valid
    // code is not counted.
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
        var isOpen = found is { State: DeviceRequestState.Pending } && found.ExpiresAt > now;
        if (found is null || !(isTheirs || isOpen))
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
