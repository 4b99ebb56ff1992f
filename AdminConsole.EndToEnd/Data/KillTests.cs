using System.Collections.Concurrent;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.EndToEnd.Faults;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.EndToEnd.Data;

public sealed class KillTests
{
    [Theory, OnBoth]
    public async Task Killed_in_the_middle_of_200_changes_nothing_is_half_done_and_nothing_acknowledged_is_lost(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var acknowledged = new ConcurrentBag<Guid>();
        for (var round = 0; round < Amount.Kills; round++)
        {
            using var server = ServerProcess.Start(
                database.Folder,
                ("Database:Provider", $"{provider}"),
                ("ConnectionStrings:Console", database.ConnectionString),
                ("RateLimits:SignInPerMinute", "0")
            );
            using var admin = new ApiClient(await server.ListeningAsync());
            (
                round == 0
                    ? await admin.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password })
                    : await admin.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password })
            ).Is(200);
            Assert.Equal(
                new AuditVerification(true, 0),
                (await admin.GetAsync("/api/audit/verify")).As<AuditVerification>() with
                {
                    Events = 0,
                }
            );
            await ChangeUntilKilledAsync(server, admin, acknowledged);
        }

        await using var app = await AdminApp.StartAsync(provider, database);

        var users = await app.ReadAsync(db => db.Users.Where(user => user.Email!.StartsWith("kill")).Select(user => user.Id).ToListAsync());
        Assert.Empty(acknowledged.Except(users));
        var created = await app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == "user.created" && entry.TargetName!.StartsWith("kill"))
                .Select(entry => entry.TargetId!)
                .ToListAsync()
        );
        Assert.Equal(users.Select(id => id.ToString()).Order(), created.Order());
        Assert.Equal(
            users.Count,
            await app.ReadAsync(db =>
                db.UserRoles.CountAsync(held => db.Users.Any(user => user.Id == held.UserId && user.Email!.StartsWith("kill")))
            )
        );
        using var again = await app.SignInAdminAsync();
        Assert.True((await again.GetAsync("/api/audit/verify")).As<AuditVerification>().Valid);
    }

    private static async Task ChangeUntilKilledAsync(ServerProcess server, ApiClient admin, ConcurrentBag<Guid> acknowledged)
    {
        var before = acknowledged.Count;
        var changes = Enumerable
            .Range(0, 200)
            .Select(async _ =>
            {
                try
                {
                    acknowledged.Add(
                        (await admin.PostAsync("/api/users", new { email = TestData.Email("kill") })).Is(201).As<UserDetails>().Id
                    );
                }
                catch (HttpRequestException)
                {
                    // The server was killed.
                }
            })
            .ToList();
        // Kills at a random point.
        var enough = before + 10 + Random.Shared.Next(90);
        await AdminApp.UntilAsync(() => Task.FromResult(acknowledged.Count >= enough), $"{enough - before} changes are done");
        server.Kill();
        await Task.WhenAll(changes);
    }
}
