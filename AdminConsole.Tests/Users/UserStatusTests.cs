using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Users;

/// <summary>Each user has exactly one status, in the row and in the filter.</summary>
public abstract class UserStatusTests(AdminApp app)
{
    private const int FailuresUntilLocked = 10;

    [Fact]
    public async Task Each_status_finds_its_users_and_no_others()
    {
        using var admin = await app.SignInAdminAsync();
        var name = TestData.Name("status");
        var users = new Dictionary<string, UserDetails>
        {
            [UserStatuses.Active] = await CreateAsync(admin, name, new { email = Email(name), password = TestData.Password }),
            [UserStatuses.NoPassword] = await CreateAsync(admin, name, new { email = Email(name) }),
            [UserStatuses.Invited] = await CreateAsync(admin, name, new { email = Email(name), invite = true }),
            [UserStatuses.PasswordChange] = await CreateAsync(
                admin,
                name,
                new
                {
                    email = Email(name),
                    password = TestData.Password,
                    mustChangePassword = true,
                }
            ),
            [UserStatuses.Locked] = await CreateAsync(admin, name, new { email = Email(name), password = TestData.Password }),
            [UserStatuses.Deactivated] = await CreateAsync(admin, name, new { email = Email(name), password = TestData.Password }),
            [UserStatuses.LockedDown] = await CreateAsync(admin, name, new { email = Email(name), password = TestData.Password }),
        };
        using var stranger = app.Anonymous();
        for (var attempt = 0; attempt < FailuresUntilLocked; attempt++)
        {
            await stranger.PostAsync("/api/auth/login", new { login = users[UserStatuses.Locked].Email, password = "not the password 1" });
        }

        (await admin.PostAsync($"/api/users/{users[UserStatuses.Deactivated].Id}/deactivate")).Is(200);

        (await admin.PostAsync($"/api/users/{users[UserStatuses.LockedDown].Id}/lockdown", new { reason = "Laptop stolen" })).Is(200);

        foreach (var status in UserStatuses.DisplayNames.Keys)
        {
            var found = Assert.Single(await FindAsync(admin, $"search={name}&status={status}"));
            Assert.Equal((users[status].Id, status), (found.Id, found.Status));
            Assert.Equal(found.Email, Assert.Single(await ExportedAsync(admin, $"search={name}&status={status}")));
        }

        // A lockdown does not expire.
        var until = app.Clock.GetUtcNow().AddHours(1);
        (await admin.PostAsync($"/api/users/{users[UserStatuses.LockedDown].Id}/deactivate", new { until })).RefusesFields("until");
        (await admin.PostAsync($"/api/users/{users[UserStatuses.LockedDown].Id}/deactivate", new { reason = "Still" })).Is(200);
        Assert.Single(await FindAsync(admin, $"search={name}&status={UserStatuses.LockedDown}"));
        (await admin.PostAsync($"/api/users/{users[UserStatuses.LockedDown].Id}/activate")).Is(200);
        Assert.Empty(await FindAsync(admin, $"search={name}&status={UserStatuses.LockedDown}"));
    }

    [Fact]
    public async Task Sign_ins_and_second_factors_filter_too()
    {
        using var admin = await app.SignInAdminAsync();
        var name = TestData.Name("signed");
        var (never, lately) = (
            await CreateAsync(admin, name, new { email = Email(name), password = TestData.Password }),
            await CreateAsync(admin, name, new { email = Email(name), password = TestData.Password })
        );
        (await app.SignInAsync(lately.Email!)).Dispose();

        Assert.Equal(never.Id, Assert.Single(await FindAsync(admin, $"search={name}&neverSignedIn=true")).Id);
        Assert.Equal(2, (await FindAsync(admin, $"search={name}&mfa=false")).Count);
        Assert.Empty(await FindAsync(admin, $"search={name}&mfa=true"));
        Assert.DoesNotContain(await FindAsync(admin, $"search={name}&inactiveDays=30"), user => user.Id == lately.Id);
    }

    [Theory]
    [InlineData("status=asleep")]
    [InlineData("inactiveDays=0")]
    [InlineData("inactiveDays=3651")]
    [InlineData("mfa=perhaps")]
    public async Task An_unknown_filter_is_refused(string query)
    {
        using var admin = await app.SignInAdminAsync();

        Assert.Equal(400, (await admin.GetAsync($"/api/users?{query}")).Status);
        Assert.Equal(400, (await admin.GetAsync($"/api/users/export?{query}")).Status);
    }

    [Fact]
    public async Task An_invitation_link_needs_a_user_without_a_password_and_replaces_the_previous_link()
    {
        using var admin = await app.SignInAdminAsync();
        var name = TestData.Name("invited");
        var user = await CreateAsync(admin, name, new { email = Email(name) });
        var first = await IssueAsync(admin, user.Id);

        var second = await IssueAsync(admin, user.Id);

        using var stranger = app.Anonymous();
        object With(string token) =>
            new
            {
                email = user.Email,
                token,
                newPassword = TestData.NewPassword,
            };
        (await stranger.PostAsync("/api/auth/reset-password", With(first.Token))).Refuses(400, "invalid_token");
        (await stranger.PostAsync("/api/auth/reset-password", With(second.Token))).Is(204);
        (await app.SignInAsync(user.Email!, TestData.NewPassword)).Dispose();
        (await admin.PostAsync($"/api/users/{user.Id}/invitation-link")).Refuses(409, "has_password");
        Assert.StartsWith($"{app.Root}invitation?email=", second.Url, StringComparison.Ordinal);
    }

    private static async Task<InvitationLink> IssueAsync(ApiClient admin, Guid id) =>
        (await admin.PostAsync($"/api/users/{id}/invitation-link")).Is(200).As<InvitationLink>();

    private static string Email(string name) => $"{name}-{Guid.CreateVersion7():N}@example.com";

    private static async Task<UserDetails> CreateAsync(ApiClient admin, string name, object request)
    {
        var user = (await admin.PostAsync("/api/users", request)).Is(201).As<UserDetails>();
        Assert.StartsWith(name, user.Email, StringComparison.Ordinal);
        return user;
    }

    private static async Task<IEnumerable<string>> ExportedAsync(ApiClient admin, string query) =>
        (await admin.GetAsync($"/api/users/export?{query}"))
            .Is(200)
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(line => line.Split(',')[0]);

    private static async Task<IReadOnlyList<UserDetails>> FindAsync(ApiClient admin, string query) =>
        (await admin.GetAsync($"/api/users?{query}")).Is(200).As<Page<UserDetails>>().Items;

    public sealed class OnSqlite(SqliteApp app) : UserStatusTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : UserStatusTests(app), IClassFixture<PostgresApp>;
}
