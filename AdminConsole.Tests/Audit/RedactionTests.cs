using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Audit;

/// <summary>Personal data removed by SQL as an erasure does it: with the correct digest, so that the chain verifies,
/// and past every trigger.</summary>
public sealed class RedactionTests
{
    // The digest described in docs/security.md.
    private static byte[] Digest(byte[] salt, params string?[] texts)
    {
        var bytes = new List<byte>(salt);
        foreach (var text in texts)
        {
            var length = text is null ? -1 : Encoding.UTF8.GetByteCount(text);
            bytes.AddRange([
                (byte)(length >> 24),
                (byte)(length >> 16),
                (byte)(length >> 8),
                (byte)length,
                .. text is null ? [] : Encoding.UTF8.GetBytes(text),
            ]);
        }

        return SHA256.HashData(bytes.ToArray());
    }

    private static Task<AuditEvent> EventAsync(AdminApp app, long id) =>
        app.ReadAsync(db => db.AuditEvents.AsNoTracking().SingleAsync(entry => entry.Id == id));

    private static async Task RedactActorAsync(AdminApp app, long id)
    {
        var entry = await EventAsync(app, id);
        await app.Database.ExecuteAsync(
            $"""
            UPDATE "AuditEvents" SET "ActorName" = NULL, "Ip" = NULL, "UserAgent" = NULL, "ActorSeal" = {Bytes(
                app,
                Digest(entry.ActorSeal, entry.ActorName, entry.Ip, entry.UserAgent)
            )} WHERE "Id" = {id}
            """
        );
    }

    private static async Task RedactTargetAsync(AdminApp app, long id)
    {
        var entry = await EventAsync(app, id);
        await app.Database.ExecuteAsync(
            $"""
            UPDATE "AuditEvents" SET "TargetName" = NULL, "Details" = NULL, "TargetSeal" = {Bytes(
                app,
                Digest(entry.TargetSeal, entry.TargetName, entry.Details)
            )} WHERE "Id" = {id}
            """
        );
    }

    private static string Bytes(AdminApp app, byte[] bytes) =>
        app.Provider == DatabaseProvider.Sqlite ? $"x'{Convert.ToHexString(bytes)}'" : $"'\\x{Convert.ToHexString(bytes)}'";

    private static async Task<(AdminApp App, ApiClient Admin)> StartAsync(DatabaseProvider provider)
    {
        var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        return (app, await app.SignInAdminAsync());
    }

    private static Task<AuditVerification> VerifyAsync(AdminApp app) =>
        app.RunAsync<AuditVerifier, AuditVerification>(verifier => verifier.CheckAsync(null, default));

    private static Task<long> LastAsync(AdminApp app) => app.ReadAsync(db => db.AuditEvents.MaxAsync(entry => entry.Id));

    [Theory, OnBoth]
    public async Task A_redaction_without_an_erasure_is_reported(DatabaseProvider provider)
    {
        var (app, admin) = await StartAsync(provider);
        await using var running = app;
        using var caller = admin;
        (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
        var last = await LastAsync(app);
        Assert.True((await VerifyAsync(app)).Valid);

        await RedactActorAsync(app, last);
        var actor = await VerifyAsync(app);
        await RedactTargetAsync(app, last - 1);
        var target = await VerifyAsync(app);

        Assert.Equal(
            (false, last, $"Personal data was removed from event {last}, and no recorded erasure accounts for it."),
            (actor.Valid, actor.FirstBroken, actor.Problem)
        );
        Assert.Equal((false, last - 1), (target.Valid, target.FirstBroken));
    }

    [Theory, OnBoth]
    public async Task An_erasure_covers_events_of_its_user_up_to_itself_only(DatabaseProvider provider)
    {
        var (app, admin) = await StartAsync(provider);
        await using var running = app;
        using var caller = admin;
        var gone = await app.SignedInUserAsync();
        await app.CreateUserAsync();
        var other = await LastAsync(app);
        (await admin.DeleteAsync($"/api/users/{gone.Id}/sessions")).Is(204);
        (await admin.DeleteAsync($"/api/users/{gone.Id}/audit-trace")).Is(200);
        Assert.True((await VerifyAsync(app)).Valid);

        (await admin.SendAsync(HttpMethod.Patch, $"/api/users/{gone.Id}", new { displayName = "After" })).Is(200);
        var later = await LastAsync(app);
        await RedactTargetAsync(app, later);
        var tooLate = await VerifyAsync(app);
        await RedactTargetAsync(app, other);
        var somebodyElse = await VerifyAsync(app);

        Assert.Equal((false, later), (tooLate.Valid, tooLate.FirstBroken));
        Assert.Equal((false, other), (somebodyElse.Valid, somebodyElse.FirstBroken));
    }

    [Theory, OnBoth]
    public async Task An_erasure_without_its_details_covers_nothing(DatabaseProvider provider)
    {
        var (app, admin) = await StartAsync(provider);
        await using var running = app;
        using var caller = admin;
        var gone = await app.CreateUserAsync();
        (await admin.DeleteAsync($"/api/users/{gone.Id}/audit-trace")).Is(200);
        var erasure = await LastAsync(app);

        await RedactTargetAsync(app, erasure);

        Assert.False((await VerifyAsync(app)).Valid);
    }

    // The sign-in event names the owner of the session and is the first to be deleted.
    [Theory, OnBoth]
    public async Task Sessions_are_covered_even_if_retention_deleted_their_owners_events(DatabaseProvider provider)
    {
        var (app, admin) = await StartAsync(provider);
        await using var running = app;
        using var caller = admin;
        var gone = await app.SignedInUserAsync();
        app.Clock.Advance(TimeSpan.FromDays(20));
        using var later = await app.SignInAdminAsync();
        (await later.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings { AuditRetentionDays = 30 })).Is(200);
        (await later.DeleteAsync($"/api/users/{gone.Id}/sessions")).Is(204);
        (await later.DeleteAsync($"/api/users/{gone.Id}/audit-trace")).Is(200);
        app.Clock.Advance(TimeSpan.FromDays(11));

        Assert.True(await app.Services.GetRequiredService<AuditRetention>().RunOnceAsync(default) > 0);

        Assert.Equal(new AuditVerification(true, (await VerifyAsync(app)).Events), await VerifyAsync(app));
    }
}
