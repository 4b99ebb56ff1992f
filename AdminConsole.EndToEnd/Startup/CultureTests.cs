using System.Globalization;
using System.Text.RegularExpressions;
using AdminConsole.Core.Contracts;

namespace AdminConsole.EndToEnd.Startup;

/// <summary>A server under another culture: machine-readable output is the same everywhere.</summary>
public sealed partial class CultureTests
{
    // tr_TR folds i and I differently and has a decimal comma; ar_SA and fa_IR have other calendars, digits and another
    // direction.
    [Theory]
    [InlineData("tr_TR.UTF-8")]
    [InlineData("ar_SA.UTF-8")]
    [InlineData("fa_IR.UTF-8")]
    public async Task Machine_readable_output_does_not_depend_on_the_language(string language)
    {
        var folder = Directory.CreateTempSubdirectory("adminconsole-test-").FullName;
        try
        {
            using var server = ServerProcess.Start(folder, ("LC_ALL", language), ("LANG", language), ("RateLimits:SignInPerMinute", "0"));
            using var admin = new ApiClient(await server.ListeningAsync());
            (
                await admin.PostAsync(
                    "/api/auth/setup",
                    new
                    {
                        email = "ilgin.ışık@example.com",
                        userName = "ilgin",
                        password = TestData.Password,
                    }
                )
            ).Is(200);
            using (var other = new ApiClient(admin.Root))
            {
                (await other.PostAsync("/api/auth/login", new { login = "ILGIN", password = TestData.Password })).Is(200);
            }

            (await admin.PostAsync("/api/users", new { email = "ILGIN.ıŞıK@EXAMPLE.com" })).Refuses(409, "duplicate_email");
            var role = (
                await admin.PostAsync(
                    "/api/roles",
                    new { name = "ist-1", permissions = new[] { "users.read", "audit.read" } },
                    ("Accept-Language", language[..2])
                )
            ).Is(201);
            Assert.Equal(["audit.read", "users.read"], role.As<RoleSummary>().Permissions);
            (await admin.GetAsync("/api/roles/IST-1", ("Accept-Language", language[..2]))).Is(200);
            (await admin.GetAsync("/api/roles/İST-1")).Refuses(404, "not_found");

            var year = new ManualClock().GetUtcNow().Year.ToString(CultureInfo.InvariantCulture);
            var me = (await admin.GetAsync("/api/users?search=ILGIN", ("Accept-Language", language[..2])))
                .Is(200)
                .As<Page<UserDetails>>()
                .Items.Single();
            Assert.Equal(year, me.CreatedAt.Year.ToString(CultureInfo.InvariantCulture));
            foreach (
                var path in new[]
                {
                    "/api/users/export",
                    "/api/audit/export?format=csv",
                    "/api/audit/export?format=ndjson",
                    "/api/audit",
                    "/api/system",
                    "/audit",
                    "/users",
                }
            )
            {
                var answer = (await admin.GetAsync(path, ("Accept-Language", language[..2]))).Is(200);
                Assert.DoesNotMatch(ForeignDigits(), answer.Text);
                // Pages are rendered by the circuit; the first response is an empty frame.
                Assert.True(
                    !path.StartsWith("/api/", StringComparison.Ordinal) || answer.Text.Contains(year, StringComparison.Ordinal),
                    $"{path} has no year {year}: {answer.Text}"
                );
            }

            Assert.True((await admin.GetAsync("/api/audit/verify")).As<AuditVerification>().Valid);
            Assert.DoesNotMatch(ForeignDigits(), server.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Without_Unicode_the_server_does_not_start()
    {
        var folder = Directory.CreateTempSubdirectory("adminconsole-test-").FullName;
        var (code, output) = await ServerProcess.RunAsync(folder, [], ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "true"));
        Directory.Delete(folder, recursive: true);

        Assert.Equal(1, code);
        Assert.Contains("Set it to false, and install libicu", output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"[\u0660-\u0669\u06F0-\u06F9]", RegexOptions.None, 1000)]
    private static partial Regex ForeignDigits();
}
