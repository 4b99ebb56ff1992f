using AdminConsole.Core;
using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Data;

public sealed class KillTests
{
    [Theory, OnBoth]
    public async Task Killed_in_the_middle_of_200_changes_nothing_is_half_done_and_nothing_acknowledged_is_lost(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<UserDetails>();
        using (var server = ServerProcess.Start(database.Folder, ("Database:Provider", $"{provider}"), ("ConnectionStrings:Console", database.ConnectionString)))
        {
            using var admin = new Caller(await server.ListeningAsync());
            (await admin.PostAsync("/api/auth/setup", new { email = Some.AdminEmail, password = Some.Password })).Is(200);

            var changes = Enumerable.Range(0, 200).Select(async _ =>
            {
                try
                {
                    acknowledged.Add((await admin.PostAsync("/api/users", new { email = Some.Email("kill") })).Is(201).As<UserDetails>());
                }
                catch (HttpRequestException)
                {
                    // The server is gone.
                }
            }).ToList();
            await AdminApp.UntilAsync(() => Task.FromResult(acknowledged.Count >= 20), "20 changes are done");
            server.Kill();
            await Task.WhenAll(changes);
        }

        await using var app = await AdminApp.StartAsync(provider, database);

        var users = await app.ReadAsync(db => db.Users.Where(user => user.Email!.StartsWith("kill")).Select(user => user.Id).ToListAsync());
        Assert.Empty(acknowledged.Select(user => user.Id).Except(users));
        var created = await app.ReadAsync(db => db.AuditEvents.Where(entry => entry.Action == "user.created" && entry.TargetName!.StartsWith("kill")).Select(entry => entry.TargetId!).ToListAsync());
        Assert.Equal(users.Select(id => id.ToString()).Order(), created.Order());
        Assert.Equal(users.Count, await app.ReadAsync(db => db.UserRoles.CountAsync(held => users.Contains(held.UserId))));
        using var again = await app.SignInAdminAsync();
        Assert.True((await again.GetAsync("/api/audit/verify")).As<AuditVerification>().Valid);
    }
}
