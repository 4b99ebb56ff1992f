using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Tests.OAuth;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Audit;

public sealed class SecretTests
{
    // The log levels of production, and the most verbose level.
    [Theory]
    [OnBoth("Information")]
    [OnBoth("Trace")]
    public async Task No_secret_reaches_the_logs_or_the_audit(DatabaseProvider provider, string level)
    {
        await using var app = await AdminApp.StartAsync(
            provider,
            environment: "Production",
            settings:
            [
                ("Logging:LogLevel:Default", level),
                ("Logging:LogLevel:Microsoft.AspNetCore", level),
                ("Logging:LogLevel:Microsoft.EntityFrameworkCore", level),
            ]
        );
        using var admin = app.Anonymous();
        const string first = "setup-secret-password-1",
            second = "second-secret-password-2",
            wrong = "wrong-secret-password-3",
            third = "third-secret-password-4",
            set = "set-secret-password-5";
        (await admin.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = first })).Is(200);
        var keys = new List<string> { admin.SessionCookie! };
        var user = (await admin.PostAsync("/api/users", new { email = TestData.Email(), password = second })).Is(201).As<UserDetails>();
        using var caller = await app.SignInAsync(user.Email!, second);
        keys.Add(caller.SessionCookie!);
        (await caller.PostAsync("/api/auth/login", new { login = user.Email, password = wrong })).Refuses(401, "invalid_credentials");
        (await caller.PostAsync("/api/auth/login", new { login = wrong, password = wrong })).Refuses(401, "invalid_credentials");
        (await caller.PostAsync("/api/auth/login", $$"""{"login": "x", "password": "{{wrong}}", "unknown": 1}""")).Refuses(
            400,
            "invalid_request"
        );
        (await caller.PostAsync("/api/auth/login", $$"""{"login": "x", "password": ["{{wrong}}"]}""")).Refuses(400, "invalid_request");
        (await caller.PostAsync("/api/auth/password", new { currentPassword = second, newPassword = third })).Is(204);
        (await admin.PostAsync($"/api/users/{user.Id}/set-password", new { password = set })).Is(204);
        var link = (await admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>();
        (await caller.GetAsync(new Uri(link.ResetUrl).PathAndQuery, ("Accept", "text/html"))).Is(200);
        (
            await caller.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = user.Email,
                    token = link.ResetToken,
                    newPassword = third,
                }
            )
        ).Is(204);

        using var owner = await app.SignInAsync(user.Email!, third);
        var code = (await owner.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>().Code;
        var device = new Device(app, (await app.RedeemAsync(code)).Is(200).As<TokenResponse>());
        var later = await device.RefreshedAsync();
        var request = await app.RequestDeviceAsync();
        Assert.Null((await app.ApproveAsync(owner, request.UserCode)).Refusal);
        var flow = (await app.PollAsync(request)).Is(200).As<TokenResponse>();
        (await later.Caller.MeAsync()).Is(200);
        await (await later.RefreshedAsync()).RefreshedAsync();
        (await device.RefreshAsync()).RefusesGrant("invalid_grant");
        keys.AddRange([
            code,
            code.Replace("-", "", StringComparison.Ordinal),
            request.DeviceCode,
            request.UserCode.Replace("-", "", StringComparison.Ordinal),
            flow.RefreshToken,
            flow.AccessToken,
            device.Tokens.RefreshToken,
            later.Tokens.RefreshToken,
            later.Tokens.AccessToken,
        ]);

        string[] secrets = [first, second, wrong, third, set, link.ResetToken, .. keys];
        var hashes = await app.ReadAsync(db => db.Users.Select(row => row.PasswordHash!).ToListAsync());
        var events = await app.Database.QueryAsync("""SELECT * FROM "AuditEvents" """);
        Assert.NotEmpty(app.Log.Lines);
        foreach (var secret in secrets.Concat(hashes))
        {
            Assert.DoesNotContain(events, row => row.Contains(secret, StringComparison.OrdinalIgnoreCase));
            Assert.Null(app.Log.Lines.FirstOrDefault(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        }
    }
}
