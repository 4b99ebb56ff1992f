using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity;
using AdminConsole.Tests.Authentication;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Upgrade;

/// <summary>Upgrades of a database of each earlier version, kept beside this file by scripts/keep-schema.sh.</summary>
public sealed class UpgradeTests
{
    public static TheoryData<DatabaseProvider, string> Kept() => Rows(KeptDatabase.Versions);

    public static TheoryData<DatabaseProvider, string> KeptWithSecrets() => Rows(KeptDatabase.Versions.Where(KeptDatabase.HasSecrets));

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task A_database_of_that_version_is_upgraded_and_keeps_its_data(DatabaseProvider provider, string version)
    {
        await using var database = await KeptDatabase.RestoreAsync(version, provider);
        await using var app = await AdminApp.StartAsync(provider, database);
        using var admin = await app.SignInAdminAsync();

        Assert.Empty(await app.ReadAsync(async db => (await db.Database.GetPendingMigrationsAsync()).ToList()));
        var verification = (await admin.GetAsync("/api/audit/verify")).As<AuditVerification>();
        Assert.True(verification is { Valid: true, Events: > 8 }, verification.Problem);
        Assert.InRange((await admin.GetAsync("/api/users")).As<Page<UserDetails>>().Items.Count, 4, 5);
        Assert.Equal(
            "Hélène Pfad",
            Assert.Single((await admin.GetAsync("/api/users?search=lène")).As<Page<UserDetails>>().Items).DisplayName
        );
        Assert.Equal(
            "left",
            Assert.Single((await admin.GetAsync("/api/users?active=false")).As<Page<UserDetails>>().Items).DeactivatedReason
        );
        Assert.Equal("nightly", Assert.Single((await admin.GetAsync("/api/tokens")).As<Page<TokenSummary>>().Items).Name);
        var device = Assert.Single((await admin.GetAsync("/api/devices")).As<Page<DeviceSummary>>().Items);
        Assert.Equal(("laptop", true), (device.Name, device.FullAccess));
        using var helper = await app.SignInAsync("helper@example.com");
        (await helper.GetAsync("/api/users")).Is(200);
        (await helper.GetAsync("/api/audit")).Is(403);
        (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
        Assert.True((await admin.GetAsync("/api/audit/verify")).As<AuditVerification>().Valid);
    }

    [Theory]
    [MemberData(nameof(KeptWithSecrets))]
    public async Task Credentials_of_its_users_still_work(DatabaseProvider provider, string version)
    {
        await using var database = await KeptDatabase.RestoreAsync(version, provider);
        var secrets = await KeptDatabase.SecretsAsync(version, provider);
        var clock = new ManualClock();
        clock.Advance(secrets.At.AddMinutes(5) - clock.GetUtcNow());
        await using var app = await AdminApp.StartAsync(provider, database, clock: clock);
        using var admin = await app.SignInAdminAsync();
        using var caller = app.Anonymous();

        var passkey = Convert.FromHexString(secrets.PasskeyId);
        var helper = (await admin.GetAsync("/api/users?login=helper@example.com")).As<Page<UserDetails>>().Items[0];
        Assert.Null(
            (
                await app.RunAsync<PasskeySignIn, Result<SignedIn>>(signIn =>
                    signIn.SignInAsync(
                        TestData.System,
                        helper.Id,
                        TestPasskeys.Info(passkey, 7),
                        TestPasskeys.Challenge(app),
                        remember: false,
                        default
                    )
                )
            ).Refusal
        );

        var invited = (await admin.GetAsync("/api/users?login=invited@example.com")).As<Page<UserDetails>>().Items[0];
        Assert.Equal(UserStatuses.Invited, invited.Status);
        foreach (var (email, token) in new[] { (helper.Email, secrets.ResetToken), (invited.Email, secrets.InvitationToken) })
        {
            (
                await caller.PostAsync(
                    "/api/auth/reset-password",
                    new
                    {
                        email,
                        token,
                        newPassword = TestData.NewPassword,
                    }
                )
            ).Is(204);
            (await caller.PostAsync("/api/auth/login", new { login = email, password = TestData.NewPassword })).Is(200);
        }

        var enrolled = Assert.Single((await admin.GetAsync("/api/users?mfa=true")).As<Page<UserDetails>>().Items);
        var code = Totp.CodeOf(Convert.FromHexString(secrets.AuthenticatorKey), Totp.StepAt(clock.GetUtcNow()));
        (
            await caller.PostAsync(
                "/api/auth/login",
                new
                {
                    login = enrolled.Email,
                    password = TestData.Password,
                    code,
                }
            )
        ).Is(200);
        foreach (var status in new[] { 200, 401 })
        {
            var recovery = new
            {
                login = enrolled.Email,
                password = TestData.Password,
                recoveryCode = secrets.RecoveryCode,
            };
            (await caller.PostAsync("/api/auth/login", recovery)).Is(status);
        }
    }

    private static TheoryData<DatabaseProvider, string> Rows(IEnumerable<string> versions)
    {
        var rows = new TheoryData<DatabaseProvider, string>();
        foreach (var version in versions)
        {
            rows.Add(DatabaseProvider.Sqlite, version);
            rows.Add(DatabaseProvider.PostgreSQL, version);
        }

        return rows;
    }
}
