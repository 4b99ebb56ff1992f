using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Backups;

/// <summary>The result of settling a restored database: verified events, ended sessions and devices, deactivated
/// tokens.</summary>
public sealed record Settled(long Events, int Sessions, int Devices, int Tokens);

/// <summary>Revokes the access that a restored database may still grant. Sessions may have ended and tokens may have
/// been revoked after the backup, and the database doesn't show which. So all sessions and devices are ended and all
/// access tokens are deactivated. Owners reactivate the tokens they still need.</summary>
public sealed class RestoredDatabase(AppDbContext db, AuditVerifier verifier, AuditChain chain)
{
    private static readonly Actor Operator = Actor.System("restore");

    /// <summary>Verifies the audit log, and ends everything that may have ended after the backup. With
    /// <paramref name="keepTokens"/>, access tokens remain active. Refused as <c>chain_broken</c>; then nothing has
    /// changed.</summary>
    public async Task<Result<Settled>> SettleAsync(bool keepTokens, CancellationToken ct)
    {
        var log = await verifier.CheckAsync(null, ct, isAlone: true);
        return log.Valid
            ? await db.ChangeAsync<Settled>(
                Operator,
                null,
                async change =>
                {
                    // The log may have continued after the backup. The new epoch records that its shorter end is
                    // legitimate.
                    chain.BeginEpoch(await db.LockHeadAsync(ct), change.At);
                    change.Record(AuditActions.BackupRestored, null, new { events = log.Events });
                    var sessions = await db.Sessions.ExecuteDeleteAsync(ct);
                    var devices = await db.ConnectedDevices.EndAsync(change.At, ct);
                    await db.DeviceRequests.ExecuteDeleteAsync(ct);
                    var tokens = keepTokens
                        ? 0
                        : await db
                            .PersonalAccessTokens.Where(token => token.Active && token.RevokedAt == null)
                            .ExecuteUpdateAsync(set => set.SetProperty(token => token.Active, false), ct);
                    await db.SingleUseLinks.ExecuteDeleteAsync(ct);
                    await db.NewDeviceAlerts.ExecuteDeleteAsync(ct);
                    change.Record(
                        AuditActions.SessionEnded,
                        null,
                        new
                        {
                            reason = "restored from a backup",
                            sessions,
                            devices,
                        }
                    );
                    if (tokens > 0)
                    {
                        change.Record(AuditActions.TokenUpdated, null, new { reason = "restored from a backup", switchedOff = tokens });
                    }

                    return new Settled(log.Events, sessions, devices, tokens);
                },
                ct
            )
            : Refusal.Conflict(
                "chain_broken",
                $"Its audit log does not verify: {log.Problem ?? $"event {log.FirstBroken} is the first that does not fit."}"
            );
    }
}
