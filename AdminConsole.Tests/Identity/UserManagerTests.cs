using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Identity;

public abstract partial class UserManagerTests(AdminApp app)
{
    // Runs work with Identity's managers inside a change, as every caller must.
    private async Task<Result<T>> InsideAsync<T>(
        Func<AppDbContext, AppUserManager, Task<Result<T>>> work,
        Func<AppUserManager, Task>? before = null
    )
    {
        await using var scope = app.Services.CreateAsyncScope();
        var (db, users) = (
            scope.ServiceProvider.GetRequiredService<AppDbContext>(),
            scope.ServiceProvider.GetRequiredService<AppUserManager>()
        );
        await (before?.Invoke(users) ?? Task.CompletedTask);
        return await db.ChangeAsync<T>(
            TestData.System,
            null,
            async change =>
            {
                change.Record(AuditActions.UserUpdated, null);
                return await work(db, users);
            },
            default
        );
    }

    private Task<AppUser> RowAsync(UserDetails user) => app.ReadAsync(db => db.Users.AsNoTracking().SingleAsync(row => row.Id == user.Id));

    private AppUser Draft(string? email = null) =>
        AppUser.Create(email ?? $"{TestData.Name("user")}@example.com", null, null, app.Clock.GetUtcNow());

    [Fact]
    public async Task A_token_changes_the_email_to_its_own_address_once()
    {
        var (known, email) = (await app.CreateUserAsync(), TestData.Email("next"));
        Task<Result<string>> AskAsync() =>
            InsideAsync<string>(
                async (db, users) => await users.GenerateChangeEmailTokenAsync(await db.Users.SingleAsync(row => row.Id == known.Id), email)
            );
        Task<Result<Unit>> ChangeAsync(string address, string token) =>
            InsideAsync<Unit>(
                async (db, users) =>
                    (await users.ChangeEmailAsync(await db.Users.SingleAsync(row => row.Id == known.Id), address, token)).ToRefusal("email")
                        is { } refused
                        ? refused
                        : default(Unit)
            );
        var token = (await AskAsync()).Value;

        Assert.Equal("invalid_token", (await ChangeAsync(TestData.Email("other"), token)).Refusal?.Code);
        Assert.Null((await ChangeAsync(email, token)).Refusal);
        Assert.Equal("invalid_token", (await ChangeAsync(email, token)).Refusal?.Code);

        var row = await RowAsync(known);
        Assert.Equal((email, email, true), (row.Email, row.UserName, row.EmailConfirmed));
    }

    [Fact]
    public async Task Outside_a_change_every_write_throws()
    {
        var known = await app.CreateUserAsync();
        await app.RunAsync<AppUserManager, bool>(async users =>
        {
            var user = (await users.FindByIdAsync(known.Id.ToString()))!;

            await Assert.ThrowsAsync<InvalidOperationException>(() => users.CreateAsync(Draft()));
            await Assert.ThrowsAsync<InvalidOperationException>(() => users.UpdateAsync(user));
            await Assert.ThrowsAsync<InvalidOperationException>(() => users.DeleteAsync(user));
            await Assert.ThrowsAsync<InvalidOperationException>(() => users.AddToRoleAsync(user, AppRole.Operator));
            await Assert.ThrowsAsync<InvalidOperationException>(() => users.AccessFailedAsync(user));
            await Assert.ThrowsAsync<InvalidOperationException>(() => users.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));
            await Assert.ThrowsAsync<InvalidOperationException>(() => users.GeneratePasswordResetTokenAsync(user));
            await Assert.ThrowsAsync<InvalidOperationException>(() => users.SetUserNameAsync(user, "another"));
            await Assert.ThrowsAsync<NotSupportedException>(() => users.CheckPasswordAsync(user, TestData.Password));
            return true;
        });
        await app.RunAsync<RoleManager<AppRole>, bool>(async roles =>
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                roles.CreateAsync(AppRole.Create(TestData.Name("Role"), "", [], builtIn: false, app.Clock.GetUtcNow()))
            );
            return true;
        });
        Assert.Equal(known.UpdatedAt, (await RowAsync(known)).UpdatedAt);
    }

    [Fact]
    public async Task A_user_who_was_read_before_the_change_is_not_written()
    {
        var known = await app.CreateUserAsync();
        AppUser? before = null;

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            InsideAsync<Unit>(
                async (_, users) => (await users.UpdateAsync(before!)).ToRefusal("email") ?? Result.Of(default(Unit)),
                async users => before = await users.FindByIdAsync(known.Id.ToString())
            )
        );
    }

    [Fact]
    public async Task A_password_that_was_not_prepared_is_not_hashed_inside_a_change()
    {
        var known = await app.CreateUserAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            InsideAsync<Unit>(
                async (_, users) =>
                    (await users.AddPasswordAsync((await users.FindByIdAsync(known.Id.ToString()))!, TestData.Password)).ToRefusal(
                        "password"
                    ) ?? Result.Of(default(Unit))
            )
        );
        Assert.Null((await RowAsync(known)).PasswordHash);
    }

    [Fact]
    public async Task A_user_is_created_assigned_roles_and_renamed_in_one_change()
    {
        var user = Draft();

        var result = await InsideAsync<Unit>(
            async (_, users) =>
            {
                var refused =
                    (await users.CreateAsync(user, TestData.Password)).ToRefusal("email")
                    ?? (await users.AddToRolesAsync(user, [AppRole.User, AppRole.Operator])).ToRefusal("roles");
                user.Rename(user.Email, "renamed.person", "Renamed Person", app.Clock.GetUtcNow());
                return refused ?? (await users.UpdateAsync(user)).ToRefusal("email") ?? Result.Of(default(Unit));
            },
            async users => Assert.Null(await users.PrepareAsync(user, TestData.Password, "password"))
        );

        Assert.Null(result.Refusal);
        using var caller = await app.SignInAsync("renamed.person");
        Assert.Equal(["Operator", "User"], (await caller.GetAsync("/api/auth/me")).Is(200).As<Me>().Roles.Order());
    }

    [Fact]
    public async Task A_name_that_another_user_has_is_refused_with_the_code_of_the_api()
    {
        var (known, other) = (await app.CreateUserAsync(), await app.CreateUserAsync());

        var result = await InsideAsync<Unit>(
            async (_, users) =>
            {
                var user = (await users.FindByIdAsync(known.Id.ToString()))!;
                return (await users.SetEmailAsync(user, other.Email!.ToUpperInvariant())).ToRefusal("email") ?? Result.Of(default(Unit));
            }
        );

        Assert.Equal("duplicate_email", result.Refusal?.Code);
    }

    [Fact]
    public async Task A_password_that_changed_since_it_was_checked_is_a_mismatch()
    {
        var person = await app.SignedInUserAsync();
        var hash = (await RowAsync(person.User)).PasswordHash!;
        var prepared = new PreparedPasswords();
        prepared.SetVerified(TestData.Password, hash);

        Assert.Equal(PasswordVerificationResult.Success, prepared.VerifyHashedPassword(null!, hash, TestData.Password));
        Assert.Equal(PasswordVerificationResult.Failed, prepared.VerifyHashedPassword(null!, hash + "x", TestData.Password));
        Assert.Throws<InvalidOperationException>(() => prepared.VerifyHashedPassword(null!, hash, TestData.NewPassword));
    }

    [Fact]
    public async Task A_role_can_be_removed_and_assigned_again_in_one_change()
    {
        var known = await app.CreateUserAsync(roles: AppRole.User);

        var result = await InsideAsync<IList<string>>(
            async (db, users) =>
            {
                var user = (await users.FindByIdAsync(known.Id.ToString()))!;
                Assert.True((await users.RemoveFromRoleAsync(user, AppRole.User)).Succeeded);
                await db.SaveChangesAsync();
                Assert.Empty(await users.GetRolesAsync(user));
                Assert.True((await users.AddToRoleAsync(user, AppRole.User)).Succeeded);
                return Result.Of(await users.GetRolesAsync(user));
            }
        );

        Assert.Equal([AppRole.User], result.Value);
    }

    [Fact]
    public async Task The_token_of_a_link_is_not_accepted_as_a_second_factor()
    {
        var known = await app.CreateUserAsync(password: TestData.Password);

        var result = await InsideAsync<(bool Factor, bool Link)>(
            async (db, users) =>
            {
                var user = (await users.FindByIdAsync(known.Id.ToString()))!;
                var token = await users.GeneratePasswordResetTokenAsync(user);
                await db.SaveChangesAsync();
                return (
                    await users.VerifyTwoFactorTokenAsync(user, SingleUseTokens.Provider, token),
                    await users.VerifyUserTokenAsync(user, SingleUseTokens.Provider, SingleUseTokens.Reset, token)
                );
            }
        );

        Assert.Equal((false, true), result.Value);
    }

    [Fact]
    public async Task An_assigned_role_and_a_missing_role_are_refused_by_name()
    {
        var known = await app.CreateUserAsync(roles: AppRole.User);

        var result = await InsideAsync<(string Held, string Missing)>(
            async (_, users) =>
            {
                var user = (await users.FindByIdAsync(known.Id.ToString()))!;
                return (
                    (await users.AddToRoleAsync(user, AppRole.User)).ToRefusal("roles")!.Message,
                    (await users.RemoveFromRoleAsync(user, AppRole.Operator)).ToRefusal("roles")!.Message
                );
            }
        );

        Assert.Equal(("The user already has the role 'User'.", "The user doesn't have the role 'Operator'."), result.Value);
    }

    public sealed class OnSqlite(SqliteApp app) : UserManagerTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : UserManagerTests(app), IClassFixture<PostgresApp>;
}
