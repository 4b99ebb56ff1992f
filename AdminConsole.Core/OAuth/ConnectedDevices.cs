using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>The devices that a user has connected. Ending a device invalidates its tokens as of the next
/// request.</summary>
public sealed class ConnectedDevices(AppDbContext db, TimeProvider clock)
{
    /// <summary>How long a device is listed after it has ended.</summary>
    public static readonly TimeSpan EndedDeviceRetention = TimeSpan.FromDays(30);

    /// <summary>Lists the actor's devices, newest first, including recently ended ones. A device with limited scopes
    /// sees only itself.</summary>
    public async Task<Result<Page<DeviceSummary>>> ListOwnAsync(Actor actor, PageQuery page, CancellationToken ct)
    {
        if (actor.RequireInteractive() is { } refused)
        {
            return refused;
        }

        var now = clock.Now();
        var since = now - EndedDeviceRetention;
        return await db
            .ConnectedDevices.IgnoreQueryFilters()
            .Where(device =>
                device.UserId == actor.UserId
                && (device.EndedAt ?? device.ExpiresAt) > since
                && (!actor.IsScoped || device.Id == actor.DeviceId)
            )
            .PageAsync(page, device => device.ToSummary(actor.DeviceId, now), ct);
    }

    /// <summary>Ends one of the actor's devices, which can be the current one. A device with limited scopes can end
    /// only itself.</summary>
    public async Task<Result<Unit>> EndOwnAsync(Actor actor, Guid id, CancellationToken ct) =>
        (actor.DeviceId == id ? actor.RequireInteractive() : actor.RequireFullAccess())
        ?? await EndAsync(actor, id, actor.UserId, "ended by its owner", ct);

    /// <summary>Renames one of the actor's connected devices. Refused for a device with limited scopes.</summary>
    public async Task<Result<DeviceSummary>> RenameOwnAsync(Actor actor, Guid id, RenameDeviceRequest request, CancellationToken ct)
    {
        // Unicode composition can make a text longer, so the length is checked afterwards.
        var name = UnicodeText.Compose((request.Name ?? "").Trim());
        return actor.RequireFullAccess()
            ?? Validation.Check(request with { Name = name })
            ?? NameText.Check("name", name)
            ?? await RenameOwnAsync(actor, id, name, ct);
    }

    private Task<Result<DeviceSummary>> RenameOwnAsync(Actor actor, Guid id, string name, CancellationToken ct) =>
        db.ChangeAsync<DeviceSummary>(
            actor,
            null,
            async change =>
            {
                var own = db.ConnectedDevices.Where(row => row.Id == id && row.UserId == actor.UserId);
                if (await own.AsNoTracking().SingleOrDefaultAsync(ct) is not { } device || device.ExpiresAt <= change.At)
                {
                    return Refusal.NotFound("Device not found.");
                }

                var changes = FieldChange.Between(new FieldChange("name", device.Name, name));
                if (changes.Length > 0)
                {
                    await own.ExecuteUpdateAsync(set => set.SetProperty(row => row.Name, name), ct);
                    change.Record(AuditActions.DeviceRenamed, device.AsTarget(), new { changes });
                }

                return device.ToSummary(actor.DeviceId, change.At) with
                {
                    Name = name,
                };
            },
            ct
        );

    /// <summary>Ends the device that sent the request. Succeeds if there is none.</summary>
    public async Task<Result<Unit>> SignOutAsync(Actor actor, CancellationToken ct) =>
        actor.DeviceId is not { } id
        || (await EndAsync(actor, id, actor.UserId, "signed out", ct)).Refusal is null or { Kind: RefusalKind.NotFound }
            ? default(Unit)
            : Refusals.Unauthenticated;

    /// <summary>Ends a device at the request of the holder of one of its tokens (RFC 7009).</summary>
    internal Task<Result<Unit>> EndByTokenAsync(Actor caller, Guid id, CancellationToken ct) =>
        EndAsync(caller, id, null, "its token was presented to be revoked", ct);

    /// <summary>Deletes devices that ended or expired too long ago to be listed, and expired device requests. Called by
    /// the housekeeping worker.</summary>
    public Task<int> PurgeAsync(CancellationToken ct)
    {
        var now = clock.Now();
        var (unlisted, outdated) = (now - EndedDeviceRetention, now - DeviceFlow.RequestRetention);
        return db.WriteUnauditedAsync(
            UnauditedWrite.Purge,
            async () =>
                await db
                    .ConnectedDevices.IgnoreQueryFilters()
                    .Where(device => device.ExpiresAt <= unlisted || device.EndedAt <= unlisted)
                    .ExecuteDeleteAsync(ct)
                + await db.DeviceRequests.Where(request => request.ExpiresAt <= outdated).ExecuteDeleteAsync(ct),
            ct
        );
    }

    private Task<Result<Unit>> EndAsync(Actor actor, Guid id, Guid? owner, string reason, CancellationToken ct) =>
        db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                var own = db.ConnectedDevices.Where(device => device.Id == id && (owner == null || device.UserId == owner));
                // Of two concurrent requests, only one ends the device and records the event.
                if (await own.AsNoTracking().SingleOrDefaultAsync(ct) is not { } device || await own.EndAsync(change.At, ct) == 0)
                {
                    return Refusal.NotFound("Device not found.");
                }

                change.Record(AuditActions.DeviceRevoked, device.AsTarget(), new { reason, owner = device.UserId });
                return default(Unit);
            },
            ct
        );
}
