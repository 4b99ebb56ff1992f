using AdminConsole.Core.Changes;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Revokes a user's credentials. This is the only place that does: add every new kind of credential here and
/// in <see cref="CredentialRevocation"/>.</summary>
public sealed class UserCredentialRevoker(AppDbContext db)
{
    /// <summary>Revokes the credentials inside a change. Call it before setting a new email, because unsent emails are
    /// found by the current one.</summary>
    internal Task<RevokedCredentials> RevokeAsync(
        ChangeContext change,
        AppUser user,
        CredentialRevocation revocation,
        CancellationToken ct
    ) => RevokeAsync(change, [user], revocation, ct);

    /// <summary>Revokes the credentials of several users at once.</summary>
    internal async Task<RevokedCredentials> RevokeAsync(
        ChangeContext change,
        IReadOnlyCollection<AppUser> users,
        CredentialRevocation revocation,
        CancellationToken ct
    )
    {
        if (users.Count == 0)
        {
            return new(0, 0, 0, 0, 0, 0, 0, 0);
        }

        var ids = users.Select(user => user.Id).ToList();
        // The users' rows are written first. A concurrent sign-in, link or code also writes or locks the row: it either
        // commits before this and is revoked below, or waits and sees the change.
        if (revocation.PendingAccess)
        {
            users.ToList().ForEach(user => user.EndPendingSignIns());
            await db.SaveChangesAsync(ct);
        }
        else
        {
            await db.Users.Where(user => EF.Parameter(ids).Contains(user.Id)).LockAsync(ct);
        }

        var mails = await WithdrawAsync(ids, [.. users.Select(user => user.Email).OfType<string>()], revocation, ct);
        var links = await OpenLinks(ids)
            .Where(link => revocation.PendingAccess || link.Purpose != SingleUseTokens.ChangeEmail)
            .ExecuteDeleteAsync(ct);
        var codes = !revocation.PendingAccess
            ? 0
            : await db
                .DeviceRequests.Where(request =>
                    EF.Parameter(ids).Contains(request.DecidedById!.Value) && request.State == DeviceRequestState.Approved
                )
                .ExecuteDeleteAsync(ct);
        if (revocation.NewDeviceAlerts)
        {
            await db
                .NewDeviceAlerts.Where(alert => EF.Parameter(ids).Contains(alert.UserId) && alert.UsedAt == null)
                .ExecuteDeleteAsync(ct);
        }

        var (sessions, devices) = revocation.Sessions ? await EndSignedInAsync(change, ids, revocation, ct) : (0, 0);
        return revocation.Tokens
            ? new(
                sessions,
                devices,
                links,
                codes,
                mails,
                await db.KnownBrowsers.Where(browser => EF.Parameter(ids).Contains(browser.UserId)).ExecuteDeleteAsync(ct),
                await RevokeAsync(ids, change.At, ct),
                await db.UserLogins.Where(login => EF.Parameter(ids).Contains(login.UserId)).ExecuteDeleteAsync(ct)
            )
            : new(sessions, devices, links, codes, mails, 0, 0, 0);
    }

    /// <summary>Ends the user's email confirmation links before a new one is issued. The rows are kept until they
    /// expire, because they count toward the limit of requested links.</summary>
    internal async Task EndEmailChangesAsync(ChangeContext change, AppUser user, CancellationToken ct)
    {
        await WithdrawAsync([user.Id], [], CredentialRevocation.Pending, ct);
        await OpenLinks([user.Id])
            .Where(link => link.Purpose == SingleUseTokens.ChangeEmail)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, change.At), ct);
    }

    // Deletes unsent emails to the users' addresses, and to addresses waiting for confirmation unless another user's
    // link waits for the same one.
    private Task<int> WithdrawAsync(List<Guid> ids, List<string> addresses, CredentialRevocation revocation, CancellationToken ct)
    {
        var kinds = EmailTemplates
            .WithSecret.Where(kind =>
                kind != EmailTemplates.ConfirmEmailKind && (revocation.NewDeviceAlerts || kind != EmailTemplates.NewDeviceKind)
            )
            .ToList();
        var waiting = db.SingleUseLinks.Where(link => link.Purpose == SingleUseTokens.ChangeEmail && link.UsedAt == null);
        return db
            .OutboxMails.Where(mail => mail.State != MailStates.Sent)
            .Where(mail =>
                (EF.Parameter(kinds).Contains(mail.Kind) && EF.Parameter(addresses).Contains(mail.Recipient))
                || (
                    revocation.PendingAccess
                    && mail.Kind == EmailTemplates.ConfirmEmailKind
                    && waiting.Any(link => link.Name == mail.Recipient && EF.Parameter(ids).Contains(link.UserId))
                    && !waiting.Any(link => link.Name == mail.Recipient && !EF.Parameter(ids).Contains(link.UserId))
                )
            )
            .ExecuteDeleteAsync(ct);
    }

    private IQueryable<SingleUseLink> OpenLinks(List<Guid> ids) =>
        db.SingleUseLinks.Where(link => EF.Parameter(ids).Contains(link.UserId) && link.UsedAt == null);

    private async Task<(int Sessions, int Devices)> EndSignedInAsync(
        ChangeContext change,
        List<Guid> ids,
        CredentialRevocation revocation,
        CancellationToken ct
    )
    {
        var sessions = db.Sessions.Where(session => EF.Parameter(ids).Contains(session.UserId) && session.Id != revocation.ExceptId);
        var devices = db.ConnectedDevices.Where(device => EF.Parameter(ids).Contains(device.UserId) && device.Id != revocation.ExceptId);
        if (revocation.Reason is not { } reason)
        {
            return (await sessions.ExecuteDeleteAsync(ct), await devices.EndAsync(change.At, ct));
        }

        // If another change ends one of these sessions concurrently, this change fails and is retried, so each has
        // exactly one event.
        var (endedSessions, endedDevices) = (await sessions.ToListAsync(ct), await devices.AsNoTracking().ToListAsync(ct));
        db.RemoveRange(endedSessions);
        if (await devices.EndAsync(change.At, ct) != endedDevices.Count)
        {
            throw new DbUpdateConcurrencyException("A device was revoked concurrently.");
        }

        endedSessions.ForEach(session => change.Record(AuditActions.SessionEnded, session.AsTarget(), new { reason }));
        endedDevices.ForEach(device => change.Record(AuditActions.DeviceRevoked, device.AsTarget(), new { reason }));
        return (endedSessions.Count, endedDevices.Count);
    }

    private Task<int> RevokeAsync(List<Guid> ids, DateTimeOffset at, CancellationToken ct) =>
        db
            .PersonalAccessTokens.Where(token => EF.Parameter(ids).Contains(token.OwnerId) && token.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, at), ct);
}
