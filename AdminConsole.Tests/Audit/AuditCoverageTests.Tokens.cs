using AdminConsole.Tests.OAuth;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.Tests.Audit;

/// <summary>Operations on personal access tokens and devices.</summary>
public abstract partial class AuditCoverageTests
{
    private static readonly AuditedOperation[] TokenOperations =
    [
        new(
            "POST /api/tokens",
            ["token.created"],
            async scenario => await (await scenario.PersonAsync()).Caller.PostAsync("/api/tokens", new { name = "Nightly job" })
        ),
        new(
            "PATCH /api/tokens/{id:guid}",
            ["token.updated"],
            scenario =>
                scenario.WithTokenAsync(
                    async (person, token) => await person.Caller.PatchAsync($"/api/tokens/{token.Id}", new { active = false })
                )
        ),
        new(
            "DELETE /api/tokens/{id:guid}",
            ["token.revoked"],
            scenario => scenario.WithTokenAsync(async (person, token) => await person.Caller.DeleteAsync($"/api/tokens/{token.Id}"))
        ),
        new(
            "DELETE /api/admin/tokens/{id:guid}",
            ["token.revoked"],
            scenario => scenario.WithTokenAsync(async (_, token) => await scenario.Admin.DeleteAsync($"/api/admin/tokens/{token.Id}"))
        ),
        new(
            "POST /api/tokens/{id:guid}/rotate",
            ["token.rotated"],
            scenario => scenario.WithTokenAsync(async (person, token) => await person.Caller.RotateAsync(token.Id))
        ),
        new(
            "POST /api/tokens/current/rotate",
            ["token.rotated"],
            scenario => scenario.WithTokenAsync(async (_, token) => await scenario.App.With(token.Token).RotateAsync())
        ),
        new(
            "a rotated-out token",
            ["token.reuse_detected"],
            scenario =>
                scenario.WithTokenAsync(
                    async (person, token) =>
                    {
                        (await person.Caller.RotateAsync(token.Id)).Is(201);
                        (await scenario.App.With(token.Token).MeAsync()).Is(401);
                        return null;
                    }
                )
        ),
        new(
            "POST /api/auth/cli-code",
            ["device.code_requested"],
            async scenario => await (await scenario.PersonAsync()).Caller.PostAsync("/api/auth/cli-code")
        ),
        new(
            "POST /api/auth/token",
            ["auth.signed_in", "device.connected"],
            async scenario =>
                await scenario.Admin.PostAsync(
                    "/api/auth/token",
                    new { login = (await scenario.PersonAsync()).Email, password = TestData.Password }
                )
        ),
        new(
            "PATCH /api/devices/{id:guid}",
            ["device.renamed"],
            async scenario =>
            {
                var person = await scenario.PersonAsync();
                var device = await scenario.App.ConnectAsync(person.Caller);
                return await person.Caller.PatchAsync($"/api/devices/{device.Id}", new { name = "Renamed" });
            }
        ),
        new(
            "DELETE /api/devices/{id:guid}",
            ["device.revoked"],
            async scenario =>
            {
                var person = await scenario.PersonAsync();
                return await person.Caller.DeleteAsync($"/api/devices/{(await scenario.App.ConnectAsync(person.Caller)).Id}");
            }
        ),
        new(
            "an approved device",
            ["device.code_requested", "device.approved", "device.connected"],
            async scenario =>
            {
                var request = await scenario.App.RequestDeviceAsync();
                Assert.Null((await scenario.App.ApproveAsync((await scenario.PersonAsync()).Caller, request.UserCode)).Refusal);
                return await scenario.App.PollAsync(request);
            }
        ),
        new(
            "a denied device",
            ["device.denied"],
            async scenario =>
            {
                var request = await scenario.App.RequestDeviceAsync();
                Assert.Null(
                    (
                        await scenario.App.AsAsync(
                            (await scenario.PersonAsync()).Caller,
                            (approval, actor) => approval.DenyAsync(actor, request.UserCode, default)
                        )
                    ).Refusal
                );
                return null;
            }
        ),
        new(
            "a refresh token used twice",
            ["refresh.reuse_detected"],
            async scenario =>
            {
                var device = await scenario.App.ConnectAsync((await scenario.PersonAsync()).Caller);
                await (await device.RefreshedAsync()).RefreshedAsync();
                (await device.RefreshAsync()).Is(400);
                return null;
            }
        ),
    ];
}
