using System.Net.Http.Headers;
using System.Text;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Users;
using AdminConsole.Tests.Architecture;

namespace AdminConsole.Tests.Users;

/// <summary>Files written by spreadsheets (Cases/csv), and the locks of an import.</summary>
public abstract class SpreadsheetTests(AdminApp app)
{
    [Theory]
    [InlineData("excel-semicolons.csv", 2)]
    [InlineData("excel-blank-rows.csv", 1)]
    [InlineData("trailing-comma.csv", 1)]
    [InlineData("utf16-tabs.txt", 1)]
    public async Task Files_of_spreadsheets_are_read(string file, int users)
    {
        using var admin = await app.SignInAdminAsync();
        var bytes = await File.ReadAllBytesAsync(Path.Combine(ArchitectureTests.Root, "AdminConsole.Tests", "Cases", "csv", file));

        Assert.Equal((users, 0), Counted((await ImportAsync(admin, bytes, dryRun: true)).Is(200).As<ImportResult>()));
    }

    [Fact]
    public async Task Names_in_utf16_are_preserved_and_quoted_semicolons_stay_in_the_cell()
    {
        using var admin = await app.SignInAdminAsync();
        var (one, two) = (TestData.Email(), TestData.Email());

        (
            await ImportAsync(
                admin,
                [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes($"email\tdisplayName\r\n{one}\tZoë Sample\r\n")]
            )
        ).Is(200);
        (
            await ImportAsync(
                admin,
                [
                    .. Encoding.BigEndianUnicode.Preamble,
                    .. Encoding.BigEndianUnicode.GetBytes(
                        $"sep=;\r\nemail;displayName;roles\r\n{two};\"Sample; Two\";\"Operator;User\"\r\n"
                    ),
                ]
            )
        ).Is(200);

        Assert.Equal("Zoë Sample", await NameOfAsync(admin, one));
        Assert.Equal("Sample; Two", await NameOfAsync(admin, two));
    }

    [Theory]
    [InlineData("sep=,\nemail,displayName\n{0},A\n")]
    [InlineData("\"email\";\"displayName\"\n{0};A\n")]
    [InlineData("\uFEFF\uFEFFemail\tdisplayName\t\t\n\n{0}\tA\t\t\n\t\t\t\n")]
    [InlineData("email\r{0}\r\r")]
    [InlineData("email,displayName\n{0},A,,\n")]
    public async Task Other_spellings_are_read_too(string csv)
    {
        using var admin = await app.SignInAdminAsync();

        Assert.Equal(
            (1, 0),
            Counted(
                (await ImportAsync(admin, Encoding.UTF8.GetBytes(string.Format(null, csv, TestData.Email())), dryRun: true))
                    .Is(200)
                    .As<ImportResult>()
            )
        );
    }

    [Fact]
    public async Task Rows_keep_their_numbers_after_a_line_that_names_the_separator()
    {
        using var admin = await app.SignInAdminAsync();

        var result = (
            await ImportAsync(admin, Encoding.UTF8.GetBytes($"sep=;\nemail;active\n\n;;\n{TestData.Email()};perhaps\n"), dryRun: true)
        )
            .Is(200)
            .As<ImportResult>();

        Assert.Equal(5, Assert.Single(result.Errors).Row);
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_refused_with_advice()
    {
        using var admin = await app.SignInAdminAsync();
        foreach (
            var bytes in new byte[][]
            {
                Encoding.Latin1.GetBytes("email,displayName\na@example.com,Zoë\n"),
                Encoding.Unicode.GetBytes("email\na@example.com\n"),
                [0xFF, 0xFE, 0x65],
                Encoding.UTF32.GetPreamble(),
                [0xD0, 0xCF, 0x11, 0xE0],
            }
        )
        {
            Assert.Contains("CSV UTF-8", (await ImportAsync(admin, bytes)).Refuses(400, "invalid_csv").Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_export_has_a_byte_order_mark_on_request_and_is_imported_either_way()
    {
        using var admin = await app.SignInAdminAsync();
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = admin.Cookies, UseProxy = false })
        {
            BaseAddress = app.Root,
        };

        var (plain, marked) = (
            await http.GetByteArrayAsync("/api/users/export"),
            await http.GetByteArrayAsync("/api/users/export?bom=true")
        );
        var audit = await http.GetByteArrayAsync("/api/audit/export?bom=true&action=user.deleted");

        Assert.Equal("email"u8, plain.AsSpan(0, 5));
        Assert.Equal([.. Encoding.UTF8.Preamble, .. "email"u8], marked.AsSpan(0, 8));
        Assert.Equal(Encoding.UTF8.Preamble, audit.AsSpan(0, 3));
        Assert.Empty((await ImportAsync(admin, marked, dryRun: true)).Is(200).As<ImportResult>().Errors);
    }

    [Fact]
    public async Task A_dry_run_waits_for_no_other_change()
    {
        using var admin = await app.SignInAdminAsync();
        var (began, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        var holding = app.RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                async change =>
                {
                    change.Record(AuditActions.SettingsUpdated, null);
                    began.SetResult();
                    await mayEnd.Task;
                    return default(Unit);
                },
                default,
                ChangeLock.Administrators
            )
        );
        await began.Task;

        var dry = await ImportAsync(admin, Encoding.UTF8.GetBytes($"email\n{TestData.Email()}\n"), dryRun: true);

        Assert.False(holding.IsCompleted);
        mayEnd.SetResult();
        await holding;
        Assert.Equal((1, 0), Counted(dry.Is(200).As<ImportResult>()));
    }

    [Fact]
    public async Task A_user_changed_between_plan_and_write_is_noticed()
    {
        var (known, fresh) = (await app.CreateUserAsync(), TestData.Email());
        var csv = $"email,displayName\n{known.Email},Renamed\n{fresh},Fresh\n";
        var planned = new Progress(async () =>
        {
            await app.RunAsync<UserLifecycle, Result<UserDetails>>(users =>
                users.UpdateAsync(TestData.System, known.Id, new UpdateUserRequest { DisplayName = "Meanwhile" }, default)
            );
            await app.CreateUserAsync(fresh);
        });

        var done = (
            await app.RunAsync<UserImport, Result<ImportResult>>(import =>
                import.RunAsync(TestData.System, new MemoryStream(Encoding.UTF8.GetBytes(csv)), dryRun: false, planned, default)
            )
        ).Value;

        Assert.Equal((0, 2), (done.Created, done.Updated));
        using var admin = await app.SignInAdminAsync();
        Assert.Equal("Renamed", await NameOfAsync(admin, known.Email!));
        (await admin.GetAsync("/api/audit/verify")).Is(200);
    }

    [Fact]
    public async Task A_user_name_that_another_row_takes_is_refused()
    {
        using var admin = await app.SignInAdminAsync();
        var name = TestData.Name("name");

        var result = (
            await ImportAsync(
                admin,
                Encoding.UTF8.GetBytes($"email,userName\n{TestData.Email()},{name}\n{TestData.Email()},{name.ToUpperInvariant()}\n"),
                dryRun: true
            )
        )
            .Is(200)
            .As<ImportResult>();

        Assert.Equal((3, "duplicate_user_name"), (Assert.Single(result.Errors).Row, result.Errors[0].Code));
    }

    [Fact]
    public async Task A_dry_run_lists_the_rows_that_would_leave_no_administrator()
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        async Task<ImportResult> DryAsync(string csv) =>
            (
                await own.RunAsync<UserImport, Result<ImportResult>>(import =>
                    import.RunAsync(TestData.System, new MemoryStream(Encoding.UTF8.GetBytes(csv)), dryRun: true, progress: null, default)
                )
            ).Value;
        var other = await own.CreateUserAsync(null, TestData.Password);

        Assert.Equal("last_admin", Assert.Single((await DryAsync($"email,active\n{TestData.AdminEmail},false\n")).Errors).Code);
        Assert.Equal(
            "last_admin",
            Assert.Single((await DryAsync($"email,roles\n{TestData.AdminEmail},User\nfresh@example.com,Admin\n")).Errors).Code
        );
        Assert.Empty((await DryAsync($"email,roles\n{TestData.AdminEmail},User\n{other.Email},Admin\n")).Errors);
    }

    private static (int Created, int Errors) Counted(ImportResult result) => (result.Created, result.Errors.Count);

    private static async Task<string> NameOfAsync(ApiClient caller, string email) =>
        (await caller.GetAsync($"/api/users?login={Uri.EscapeDataString(email)}")).As<Page<UserDetails>>().Items.Single().DisplayName;

    private static Task<ApiResponse> ImportAsync(ApiClient caller, byte[] file, bool dryRun = false) =>
        caller.PostAsync(
            $"/api/users/import{(dryRun ? "?dryRun=true" : "")}",
            new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } }
        );

    // Reports between plan and change, synchronously unlike Progress<T>.
    private sealed class Progress(Func<Task> operation) : IProgress<int>
    {
        public void Report(int value) => operation().GetAwaiter().GetResult();
    }

    public sealed class OnSqlite(SqliteApp app) : SpreadsheetTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : SpreadsheetTests(app), IClassFixture<PostgresApp>;
}
