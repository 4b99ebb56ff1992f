using System.Net.Http.Headers;
using System.Text;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Users;

public abstract class FileTests(AdminApp app)
{
    [Fact]
    public async Task A_file_creates_changes_and_leaves_users_and_its_events_share_a_batch()
    {
        using var admin = await app.SignInAdminAsync();
        var (known, same) = (await app.CreateUserAsync(), await app.CreateUserAsync());
        var fresh = TestData.Email("new");
        var watch = await app.WatchAsync();
        var csv =
            $"email,displayName,roles,active\n{fresh},\"Doe, Jane\",Operator;User,\n"
            + $"{known.Email},Renamed,,false\n{same.Email},,User,true\n";

        var dry = (await ImportAsync(admin, csv, dryRun: true)).Is(200).As<ImportResult>();
        await watch.NothingHappenedAsync();
        var wet = (await ImportAsync(admin, csv)).Is(200).As<ImportResult>();

        Assert.Equal((true, 1, 1, 1), (dry.DryRun, dry.Created, dry.Updated, dry.Unchanged));
        Assert.Equal((false, 1, 1, 1), (wet.DryRun, wet.Created, wet.Updated, wet.Unchanged));
        await watch.RecordedAsync("user.created", "user.updated", "user.deactivated", "user.imported");
        var made = (await admin.GetAsync($"/api/users?search={fresh}")).As<Page<UserDetails>>().Items.Single();
        Assert.Equal(("Doe, Jane", "Operator User"), (made.DisplayName, string.Join(' ', made.Roles)));
        var changed = (await admin.GetAsync($"/api/users/{known.Id}")).As<UserDetails>();
        Assert.Equal(("Renamed", false), (changed.DisplayName, changed.Active));
        Assert.NotNull(
            Assert.Single(
                await app.ReadAsync(db =>
                    db.AuditEvents.OrderByDescending(entry => entry.Id).Take(4).Select(entry => entry.BatchId).Distinct().ToListAsync()
                )
            )
        );
    }

    [Fact]
    public async Task An_export_is_imported_unchanged_and_has_no_formula()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync("+" + TestData.Email("formula"));
        (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "=1+1, \"quoted\"" })).Is(200);
        (await admin.PatchAsync($"/api/users/{(await app.CreateUserAsync()).Id}", new { displayName = "'=twice" })).Is(200);

        var exported = (await admin.GetAsync("/api/users/export")).Is(200);
        var again = (await ImportAsync(admin, exported.Text)).Is(200).As<ImportResult>();

        Assert.Equal("text/csv", exported.ContentType);
        Assert.Contains($"'{user.Email}", exported.Text, StringComparison.Ordinal);
        Assert.Contains("\"'=1+1, \"\"quoted\"\"\"", exported.Text, StringComparison.Ordinal);
        Assert.Equal((0, 0), (again.Created, again.Updated));
        Assert.Equal(await app.ReadAsync(db => db.Users.CountAsync()), again.Unchanged);
    }

    [Fact]
    public async Task The_filters_of_the_list_apply_to_the_export()
    {
        using var admin = await app.SignInAdminAsync();
        var role = await app.CreateRoleAsync();
        var (holder, other) = (await app.CreateUserAsync(null, null, role), await app.CreateUserAsync());

        var exported = await admin.GetAsync($"/api/users/export?role={role}");

        Assert.Contains(holder.Email!, exported.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Email!, exported.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_invalid_row_is_reported_and_nothing_is_written()
    {
        using var admin = await app.SignInAdminAsync();
        var taken = await app.CreateUserAsync();
        var fine = TestData.Email();
        var watch = await app.WatchAsync();
        var csv =
            $"email,userName,roles,active\r\n{fine},,,\r\nnobody,,,\r\n{TestData.Email()},{taken.UserName},,\r\n"
            + $"{fine},,,\r\n{TestData.Email()},,Pilot,\r\n{TestData.Email()},,,perhaps\r\n{TestData.AdminEmail},,,false\r\n";

        var dry = (await ImportAsync(admin, csv, dryRun: true)).Is(200).As<ImportResult>();
        var wet = (await ImportAsync(admin, csv)).Refuses(400, "import_failed");

        Assert.Equal(
            [
                "3 validation_failed",
                "4 validation_failed",
                "5 duplicate_email",
                "6 unknown_role",
                "7 validation_failed",
                "8 self_forbidden",
            ],
            dry.Errors.OrderBy(error => error.Row).Select(error => $"{error.Row} {error.Code}")
        );
        Assert.Equal(6, wet.Json.GetProperty("rows").GetArrayLength());
        await watch.NothingHappenedAsync();
    }

    [Theory]
    [InlineData("email,password\na@example.com,x\n", "password_column")]
    [InlineData("email,shoe size\na@example.com,x\n", "unknown_column")]
    [InlineData("userName\nx\n", "unknown_column")]
    [InlineData("", "invalid_csv")]
    [InlineData("email\n\"a@example.com\n", "invalid_csv")]
    [InlineData("email,userName\na@example.com\n", "invalid_csv")]
    [InlineData("sep=|\nemail|userName\na@example.com|a\n", "invalid_csv")]
    [InlineData("email|userName\na@example.com|a\n", "unknown_column")]
    [InlineData("email;userName\na@example.com;a;b\n", "invalid_csv")]
    [InlineData("email,,userName\na@example.com,,a\n", "unknown_column")]
    [InlineData("email,\na@example.com,x\n", "invalid_csv")]
    [InlineData(",,\n,,\n", "invalid_csv")]
    [InlineData("PK\u0003\u0004workbook", "invalid_csv")]
    [InlineData("\0\0\0", "invalid_csv")]
    [InlineData("email,email\na@example.com,b@example.com\n", "unknown_column")]
    [InlineData("email\ra\"b@example.com\r\"", "invalid_csv")]
    public async Task A_file_that_cannot_be_read_is_refused(string csv, string code)
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await ImportAsync(admin, csv)).Refuses(400, code);
        await watch.NothingHappenedAsync();
    }

    [Theory]
    [InlineData("email\n\"")]
    [InlineData("email\n")]
    [InlineData("email,displayName\na@example.com,\"")]
    public async Task A_cell_that_never_ends_is_refused(string beginning)
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        var answer = await ImportAsync(admin, beginning + new string('a', 8_000_000));

        Assert.Equal(400, answer.Status);
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_form_is_accepted_another_type_is_415_and_a_large_file_is_413()
    {
        using var admin = await app.SignInAdminAsync();
        using var form = new MultipartFormDataContent { { new StringContent($"email\n{TestData.Email()}\n"), "file", "users.csv" } };

        var uploaded = await admin.PostAsync("/api/users/import", form);
        var json = await admin.PostAsync("/api/users/import", new { });
        var large = await admin.PostAsync("/api/users/import", Body(new byte[Limits.ImportBytes + 1]));
        var binary = await admin.PostAsync("/api/users/import", Body([0x65, 0xff, 0xfe]));

        Assert.Equal(1, uploaded.Is(200).As<ImportResult>().Created);
        json.Refuses(415, "unsupported_media_type");
        large.Refuses(413, "too_large");
        binary.Refuses(400, "invalid_csv");
    }

    [Fact]
    public async Task An_import_cannot_assign_roles_without_the_permission_or_change_users_above_the_actor()
    {
        var writer = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.UsersRead, Permissions.UsersWrite));
        var admin = await app.CreateUserAsync(null, null, AppRole.Admin);
        var watch = await app.WatchAsync();

        var dry = (
            await ImportAsync(
                writer.Caller,
                $"email,displayName,roles\n{TestData.Email()},,Operator\n{admin.Email},Nobody,\n{TestData.Email()},,User\n",
                dryRun: true
            )
        )
            .Is(200)
            .As<ImportResult>();

        Assert.Equal(["forbidden", "above_you"], dry.Errors.Select(error => error.Code));
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Only_the_roles_column_needs_a_recent_sign_in()
    {
        using var admin = await app.SignInAdminAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(16));

        (await ImportAsync(admin, $"email,roles\n{TestData.Email()},Operator\n")).Refuses(403, "fresh_sign_in_required");
        (await ImportAsync(admin, $"email\n{TestData.Email()}\n")).Is(200);
    }

    [Fact]
    public async Task A_user_deactivated_by_an_import_is_signed_out_immediately()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync(AppRole.Operator);

        (await ImportAsync(admin, $"email,active\n{person.Email},false\n")).Is(200);

        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task Administrators_who_deactivate_each_other_by_import_leave_one()
    {
        Task<Result<ImportResult>> ImportActive(Actor actor, bool active, IEnumerable<string> emails) =>
            Task.Run(() =>
                app.RunAsync<UserImport, Result<ImportResult>>(import =>
                    import.RunAsync(
                        actor,
                        Stream("email,active\n" + string.Concat(emails.Select(email => $"{email},{active}\n"))),
                        dryRun: false,
                        progress: null,
                        default
                    )
                )
            );
        var everybody = new List<string> { TestData.AdminEmail };
        for (var round = 0; round < 3; round++)
        {
            var admins = await app.AdministratorsAsync(32);
            var emails = admins.ConvertAll(admin => admin.Email!);
            (await ImportActive(TestData.System, false, everybody)).Match(
                _ => true,
                refusal => throw new InvalidOperationException(refusal.Message)
            );
            everybody.AddRange(emails);

            await Task.WhenAll(admins.Select(admin => ImportActive(admin.AsActor(), false, emails.Where(email => email != admin.Email))));

            Assert.Equal(1, await app.ReadAsync(db => db.Users.CountAsync(user => emails.Contains(user.Email!) && user.Active)));
            var last = await ImportActive(TestData.System, false, everybody);
            Assert.Equal("last_admin", Assert.Single(last.Refusal!.Rows!).Code);
        }

        await ImportActive(TestData.System, true, [TestData.AdminEmail]);
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Task<ApiResponse> ImportAsync(ApiClient caller, string csv, bool dryRun = false) =>
        caller.PostAsync($"/api/users/import{(dryRun ? "?dryRun=true" : "")}", Body(Encoding.UTF8.GetBytes(csv)));

    private static ByteArrayContent Body(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };

    public sealed class OnSqlite(SqliteApp app) : FileTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : FileTests(app), IClassFixture<PostgresApp>;
}
