using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests;

/// <summary>A snapshot of the database, to assert that nothing else has changed since.</summary>
public sealed class DatabaseSnapshot
{
    private readonly AdminApp app;
    private readonly string data;
    private readonly long lastEvent;

    private DatabaseSnapshot(AdminApp app, string data, long lastEvent) => (this.app, this.data, this.lastEvent) = (app, data, lastEvent);

    public static async Task<DatabaseSnapshot> BeginAsync(AdminApp app) =>
        new(app, await DataAsync(app), await app.ReadAsync(db => db.AuditEvents.MaxAsync(entry => (long?)entry.Id)) ?? 0);

    /// <summary>Returns the actions recorded since the snapshot, oldest first.</summary>
    public async Task<List<string>> EventsAsync() =>
        await app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Id > lastEvent).OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync()
        );

    /// <summary>Asserts that neither the data nor the audit log has changed.</summary>
    public Task NothingHappenedAsync() => OnlyRecordedAsync();

    /// <summary>Asserts that the data has not changed and that the log has exactly these events.</summary>
    public async Task OnlyRecordedAsync(params string[] actions)
    {
        Assert.Equal(data, await DataAsync(app));
        Assert.Equal(actions, await EventsAsync());
    }

    /// <summary>Asserts that the log has exactly these events; the data may have changed.</summary>
    public async Task RecordedAsync(params string[] actions) => Assert.Equal(actions, await EventsAsync());

    // Excludes budgets of failed sign-ins and last-seen times, which change by themselves.
    private static Task<string> DataAsync(AdminApp app) =>
        app.ReadAsync(async db =>
            JsonSerializer.Serialize(
                new
                {
                    Users = await db.Users.AsNoTracking().OrderBy(user => user.Id).ToListAsync(),
                    Roles = await db.Roles.AsNoTracking().OrderBy(role => role.Id).ToListAsync(),
                    UserRoles = await db.UserRoles.AsNoTracking().OrderBy(held => held.UserId).ThenBy(held => held.RoleId).ToListAsync(),
                    Sessions = await db
                        .Sessions.AsNoTracking()
                        .OrderBy(session => session.Id)
                        .Select(session => new
                        {
                            session.Id,
                            session.UserId,
                            session.KeyHash,
                            session.AuthenticatedAt,
                        })
                        .ToListAsync(),
                    Tokens = await db
                        .PersonalAccessTokens.AsNoTracking()
                        .OrderBy(token => token.Id)
                        .Select(token => new
                        {
                            token.Id,
                            token.Name,
                            token.Hash,
                            token.Active,
                            token.RevokedAt,
                            token.RotatedAt,
                            token.OverlapEndsAt,
                            token.ReuseDetectedAt,
                        })
                        .ToListAsync(),
                    Devices = await db
                        .ConnectedDevices.AsNoTracking()
                        .OrderBy(device => device.Id)
                        .Select(device => new
                        {
                            device.Id,
                            device.Generation,
                            device.TokenHash,
                            device.AuthenticatedAt,
                            device.ExpiresAt,
                        })
                        .ToListAsync(),
                    Requests = await db
                        .DeviceRequests.AsNoTracking()
                        .OrderBy(request => request.Id)
                        .Select(request => new
                        {
                            request.Id,
                            request.State,
                            request.DecidedById,
                        })
                        .ToListAsync(),
                    Resets = await db.SingleUseLinks.AsNoTracking().OrderBy(link => link.Id).ToListAsync(),
                }
            )
        );
}
