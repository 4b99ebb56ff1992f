using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests;

/// <summary>What the database held at one moment, to show that nothing else happened since.</summary>
public sealed class DatabaseSnapshot
{
    private readonly AdminApp app;
    private readonly string data;
    private readonly long lastEvent;

    private DatabaseSnapshot(AdminApp app, string data, long lastEvent) => (this.app, this.data, this.lastEvent) = (app, data, lastEvent);

    public static async Task<DatabaseSnapshot> BeginAsync(AdminApp app) =>
        new(app, await DataAsync(app), await app.ReadAsync(db => db.AuditEvents.MaxAsync(entry => (long?)entry.Id)) ?? 0);

    /// <summary>What was recorded since, oldest first.</summary>
    public async Task<List<string>> EventsAsync() =>
        await app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Id > lastEvent).OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync()
        );

    /// <summary>Neither the data nor the audit log moved.</summary>
    public Task NothingHappenedAsync() => OnlyRecordedAsync();

    /// <summary>The data did not move, and the log has exactly these events.</summary>
    public async Task OnlyRecordedAsync(params string[] actions)
    {
        Assert.Equal(data, await DataAsync(app));
        Assert.Equal(actions, await EventsAsync());
    }

    /// <summary>The log has exactly these events; the data may have moved.</summary>
    public async Task RecordedAsync(params string[] actions) => Assert.Equal(actions, await EventsAsync());

    // Budgets of failed sign-ins and the time a session was last seen move by themselves.
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
