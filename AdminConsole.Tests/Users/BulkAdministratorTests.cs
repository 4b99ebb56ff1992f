using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;

namespace AdminConsole.Tests.Users;

public abstract class BulkAdministratorTests(AdminApp app)
{
    [Theory]
    [InlineData("deactivate")]
    [InlineData("lockdown")]
    [InlineData("delete")]
    [InlineData("remove-role")]
    public async Task Concurrent_bulk_actions_of_many_administrators_leave_one(string action)
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        var administrators = await own.AdministratorsAsync(70);

        // The first action removes the permission of the others in the middle of theirs.
        var results = await Task.WhenAll(
            administrators
                .Take(32)
                .Select(
                    (admin, at) =>
                        Task.Run(() =>
                            own.RunAsync<UserBulk, Result<BulkResult>>(bulk =>
                                bulk.RunAsync(
                                    admin.AsActor(),
                                    new BulkRequest
                                    {
                                        Ids = [.. administrators.Skip(at).Concat(administrators.Take(at)).Select(user => user.Id)],
                                        Action = action,
                                        Role = AppRole.Admin,
                                    },
                                    null,
                                    default
                                )
                            )
                        )
                )
        );

        Assert.True(await own.ActiveAdministratorsAsync() >= 1);
        Assert.Contains(results, result => result.Refusal is null && result.Value.Applied.Count > 0);
        Assert.True(
            (
                await own.RunAsync<Core.Audit.AuditVerifier, Result<AuditVerification>>(verifier =>
                    verifier.VerifyAsync(TestData.System, default)
                )
            )
                .Value
                .Valid
        );
    }

    [Fact]
    public async Task Two_halves_that_deactivate_each_other_leave_one_administrator()
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        var administrators = await own.AdministratorsAsync(64);
        var halves = administrators.Chunk(32).ToArray();

        await Task.WhenAll(
            halves[0]
                .Zip(halves[1])
                .SelectMany(pair => new[] { BulkAsync(own, pair.First, halves[1]), BulkAsync(own, pair.Second, halves[0]) })
        );

        Assert.InRange(await own.ActiveAdministratorsAsync(), 1, 32);
    }

    [Fact]
    public async Task The_last_administrator_is_the_one_refused_also_in_the_dry_run()
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        var administrators = await own.AdministratorsAsync(60);
        var ids = administrators.Select(user => user.Id).ToList();

        foreach (var dryRun in new[] { true, false })
        {
            // The program itself may deactivate every user.
            var result = await own.RunAsync<UserBulk, Result<BulkResult>>(bulk =>
                bulk.RunAsync(
                    TestData.System,
                    new BulkRequest
                    {
                        Ids = ids,
                        Action = "deactivate",
                        DryRun = dryRun,
                    },
                    null,
                    default
                )
            );

            Assert.Equal(
                (59, ids[^1], "last_admin"),
                (result.Value.Applied.Count, Assert.Single(result.Value.Refused).Id, result.Value.Refused[0].Code)
            );
        }

        Assert.Equal(1, await own.ActiveAdministratorsAsync());
    }

    private static Task<Result<BulkResult>> BulkAsync(AdminApp own, AppUser by, AppUser[] half) =>
        Task.Run(() =>
            own.RunAsync<UserBulk, Result<BulkResult>>(bulk =>
                bulk.RunAsync(
                    by.AsActor(),
                    new BulkRequest { Ids = [.. half.Select(user => user.Id)], Action = "deactivate" },
                    null,
                    default
                )
            )
        );

    public sealed class OnSqlite(SqliteApp app) : BulkAdministratorTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : BulkAdministratorTests(app), IClassFixture<PostgresApp>;
}
