using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Roles;

public abstract class LastAdministratorTests(AdminApp app)
{
    private Task<int> AdministratorsAsync() =>
        app.ReadAsync(db =>
            db.Users.CountAsync(user =>
                user.Active
                && user.PasswordHash != null
                && db.UserRoles.Any(held =>
                    held.UserId == user.Id && db.Roles.Any(role => role.Id == held.RoleId && role.NormalizedName == "ADMIN")
                )
            )
        );

    // Creates two users who are from then on the only active ones.
    private async Task<(TestUser One, TestUser Other)> TwoAdministratorsAsync()
    {
        var (one, other) = (await app.SignedInUserAsync("Admin"), await app.SignedInUserAsync("Admin"));
        await app.RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                async change =>
                {
                    change.Record(AuditActions.UserDeactivated, null);
                    await db
                        .Users.Where(user => user.Id != one.Id && user.Id != other.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(user => user.Active, false));
                    return default(Unit);
                },
                default
            )
        );
        Assert.Equal(2, await AdministratorsAsync());
        return (one, other);
    }

    private async Task<TestUser> LastAdministratorAsync()
    {
        var (one, other) = await TwoAdministratorsAsync();
        (await one.Caller.PostAsync($"/api/users/{other.Id}/deactivate")).Is(200);
        return one;
    }

    [Fact]
    public async Task The_last_admin_cannot_be_demoted()
    {
        var last = await LastAdministratorAsync();
        var watch = await app.WatchAsync();

        (await last.Caller.DeleteAsync($"/api/users/{last.Id}/roles/Admin")).Refuses(409, "last_admin");
        (await last.Caller.DeleteAsync($"/api/users/{last.Id}/roles/admin")).Refuses(409, "last_admin");
        (await last.Caller.PatchAsync($"/api/users/{last.Id}", new { roles = new[] { "User" } })).Refuses(409, "last_admin");

        await watch.NothingHappenedAsync();
        (await last.Caller.GetAsync("/api/users")).Is(200);
    }

    [Fact]
    public async Task An_administrator_who_cannot_sign_in_does_not_count()
    {
        var last = await LastAdministratorAsync();
        await app.CreateUserAsync(null, null, "Admin");
        var watch = await app.WatchAsync();

        (await last.Caller.DeleteAsync($"/api/users/{last.Id}/roles/Admin")).Refuses(409, "last_admin");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task One_of_two_may_step_down()
    {
        var (one, other) = await TwoAdministratorsAsync();

        (await one.Caller.DeleteAsync($"/api/users/{one.Id}/roles/Admin")).Is(200);

        (await one.Caller.GetAsync("/api/users")).Refuses(403, "forbidden");
        (await other.Caller.DeleteAsync($"/api/users/{other.Id}/roles/Admin")).Refuses(409, "last_admin");
    }

    [Theory]
    [InlineData("DELETE", "/api/users/{0}/roles/Admin", null)]
    [InlineData("PATCH", "/api/users/{0}", """{"roles": ["User"]}""")]
    [InlineData("POST", "/api/users/{0}/deactivate", null)]
    [InlineData("PATCH", "/api/users/{0}", """{"active": false}""")]
    [InlineData("DELETE", "/api/users/{0}", null)]
    public async Task Two_administrators_who_demote_each_other_concurrently_leave_one(string method, string path, string? body)
    {
        for (var round = 0; round < 3; round++)
        {
            var (one, other) = await TwoAdministratorsAsync();

            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 32)
                    .Select(number =>
                        number % 2 == 0
                            ? one.Caller.SendAsync(new HttpMethod(method), string.Format(path, other.Id), body)
                            : other.Caller.SendAsync(new HttpMethod(method), string.Format(path, one.Id), body)
                    )
            );

            Assert.Equal(1, await AdministratorsAsync());
            Assert.Contains(answers, answer => answer.Status is 200 or 204);
            Assert.All(answers, answer => Assert.True(answer.Status is 200 or 204 or 401 or 403 or 404 or 409, answer.Text));
        }
    }

    [Fact]
    public async Task Concurrent_operations_of_every_kind_leave_one_administrator()
    {
        for (var round = 0; round < 3; round++)
        {
            var (one, other) = await TwoAdministratorsAsync();
            (HttpMethod Method, string Path, object? Body)[] ways =
            [
                (HttpMethod.Delete, "/roles/Admin", null),
                (HttpMethod.Patch, "", new { active = false }),
                (HttpMethod.Post, "/deactivate", null),
                (HttpMethod.Patch, "", new { roles = new[] { "User" } }),
            ];

            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 40)
                    .Select(number =>
                    {
                        var (method, path, body) = ways[number / 2 % ways.Length];
                        var (by, on) = number % 2 == 0 ? (one, other) : (other, one);
                        return by.Caller.SendAsync(method, $"/api/users/{on.Id}{path}", body);
                    })
            );

            Assert.Equal(1, await AdministratorsAsync());
            Assert.All(answers, answer => Assert.InRange(answer.Status, 200, 409));
        }

        Assert.True(
            (
                await app.RunAsync<Core.Audit.AuditVerifier, Result<AuditVerification>>(verifier =>
                    verifier.VerifyAsync(TestData.System, default)
                )
            )
                .Value
                .Valid
        );
    }

    public sealed class OnSqlite(SqliteApp app) : LastAdministratorTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : LastAdministratorTests(app), IClassFixture<PostgresApp>;
}
