using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Authentication;

namespace AdminConsole.Tests.Upgrade;

/// <summary>Creates the database of the current version that later versions must be able to read. Not a test; runs only
/// by <c>bash scripts/keep-schema.sh VERSION</c>.</summary>
public sealed class KeepDatabase
{
    [Theory(Explicit = true)]
    [OnBoth]
    public async Task A_few_days_of_work(DatabaseProvider provider)
    {
        var version =
            Environment.GetEnvironmentVariable("KEEP_VERSION") ?? throw new InvalidOperationException("Set KEEP_VERSION to the version.");
        await using var database = await TestDatabase.CreateAsync(provider);
        KeptSecrets secrets;
        await using (var app = await AdminApp.StartAsync(provider, database))
        {
            secrets = await FillAsync(app);
        }

        await KeptDatabase.KeepAsync(version, database, secrets);
    }

    // Creates an administrator, a role, users in every state, a token, a device, links and second factors.
    private static async Task<KeptSecrets> FillAsync(AdminApp app)
    {
        using var admin = app.Anonymous();
        (await admin.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password })).Is(200);
        (
            await admin.PostAsync(
                "/api/roles",
                new
                {
                    name = "Helpdesk",
                    description = "Unlocks users",
                    permissions = new[] { "users.read", "users.write" },
                }
            )
        ).Is(201);
        var helper = await CreateAsync(
            admin,
            new
            {
                email = "helper@example.com",
                displayName = "Hélène Pfad",
                roles = new[] { "Helpdesk" },
                password = TestData.Password,
            }
        );
        var invited = await CreateAsync(admin, new { email = "invited@example.com" });
        var gone = await CreateAsync(admin, new { email = "gone@example.com" });
        (await admin.PostAsync($"/api/users/{gone.Id}/deactivate", new { reason = "left" })).Is(200);
        (await admin.PostAsync("/api/tokens", new { name = "nightly", scopes = new[] { "users.read" } })).Is(201);
        var code = (await admin.PostAsync("/api/auth/cli-code")).Json.GetProperty("code").GetString()!;
        using var device = new FormUrlEncodedContent([
            new("grant_type", "urn:adminconsole:grant-type:cli-code"),
            new("code", code),
            new("client_id", "adminctl"),
            new("device_name", "laptop"),
        ]);
        (await admin.SendAsync(HttpMethod.Post, "/oauth/token", device)).Is(200);

        var enrolled = await EnrolledUser.CreateAsync(app);
        byte[] passkey = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        var owner = TestData.System with
        {
            UserId = helper.Id,
            Name = "helper@example.com",
            Via = AuthenticationMethod.Session,
            AuthenticatedAt = app.Clock.GetUtcNow(),
        };
        Assert.Null((await TestPasskeys.AddAsync(app, owner, passkey)).Refusal);
        var invitation = (await admin.PostAsync($"/api/users/{invited.Id}/invitation-link")).Is(200).As<InvitationLink>();
        var reset = (await admin.PostAsync($"/api/users/{helper.Id}/reset-password")).Is(200).As<PasswordResetLink>();
        return new(
            app.Clock.GetUtcNow(),
            reset.ResetToken,
            invitation.Token,
            Convert.ToHexString(enrolled.Secret),
            enrolled.RecoveryCodes[0],
            Convert.ToHexString(passkey)
        );
    }

    private static async Task<UserDetails> CreateAsync(ApiClient admin, object user) =>
        (await admin.PostAsync("/api/users", user)).Is(201).As<UserDetails>();
}
