using AdminConsole.Core.Audit;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Devices;

/// <summary>How connected devices end before their time, inside a change that has written the user's row already.</summary>
internal static class DeviceEnding
{
    /// <summary>All of a user's but the one to keep, with an event for each; and what they approved that is not connected yet.</summary>
    public static async Task EndAllAsync(AppDbContext db, Change change, Guid userId, string reason, Guid? keep, CancellationToken ct)
    {
        var ended = await db.ConnectedDevices.Where(device => device.UserId == userId && device.Id != keep).ToListAsync(ct);
        db.RemoveRange(ended);
        ended.ForEach(device => change.Record(AuditActions.DeviceRevoked, device.AsTarget(), new { reason }));
        await ForgetApprovedAsync(db, userId, ct);
    }

    /// <summary>The same without events of their own: the event of what is done to the user says how many.</summary>
    public static async Task<int> EndAllAsync(AppDbContext db, Guid userId, CancellationToken ct)
    {
        await ForgetApprovedAsync(db, userId, ct);
        return await db.ConnectedDevices.Where(device => device.UserId == userId).ExecuteDeleteAsync(ct);
    }

    private static Task<int> ForgetApprovedAsync(AppDbContext db, Guid userId, CancellationToken ct) =>
        db.DeviceRequests.Where(request => request.DecidedById == userId && request.State == DeviceRequestState.Approved).ExecuteDeleteAsync(ct);
}
