using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Audit;

/// <summary>Operations on identity providers, and on who must use them.</summary>
public abstract partial class AuditCoverageTests
{
    private static readonly AuditedOperation[] ProviderOperations =
    [
        new(
            "POST /api/directory/providers",
            ["directory.provider_added"],
            async scenario => await WithProviderAsync(scenario, (_, created) => Task.FromResult<ApiResponse?>(created))
        ),
        new(
            "PUT /api/directory/providers/{id:guid}",
            ["directory.provider_updated"],
            async scenario =>
                await WithProviderAsync(
                    scenario,
                    async (provider, _) =>
                        await scenario.Admin.SendAsync(
                            HttpMethod.Put,
                            $"/api/directory/providers/{provider.Id}",
                            new
                            {
                                name = provider.Name,
                                issuer = provider.Issuer,
                                clientId = "another",
                            }
                        )
                )
        ),
        new(
            "PUT /api/directory/providers/{id:guid}/rules",
            ["directory.provider_updated"],
            async scenario =>
                await WithProviderAsync(
                    scenario,
                    async (provider, _) =>
                        await scenario.Admin.SendAsync(
                            HttpMethod.Put,
                            $"/api/directory/providers/{provider.Id}/rules",
                            new GroupRules { Rules = [new GroupRule("staff", "Operator")] }
                        )
                )
        ),
        new(
            "POST /api/directory/providers/{id:guid}/check",
            [],
            async scenario =>
                await WithProviderAsync(
                    scenario,
                    async (provider, _) => await scenario.Admin.PostAsync($"/api/directory/providers/{provider.Id}/check")
                )
        ),
        new(
            "DELETE /api/directory/providers/{id:guid}",
            ["directory.provider_removed"],
            async scenario =>
                await WithProviderAsync(
                    scenario,
                    async (provider, _) => await scenario.Admin.DeleteAsync($"/api/directory/providers/{provider.Id}")
                )
        ),
        new(
            "PUT /api/directory/required-roles",
            ["settings.updated"],
            async scenario =>
                await WithProviderAsync(
                    scenario,
                    async (_, _) =>
                    {
                        var me = (await scenario.Admin.GetAsync("/api/auth/me")).Is(200).As<Me>();
                        (await scenario.Admin.SendAsync(HttpMethod.Put, $"/api/users/{me.Id}/break-glass")).Is(200);
                        (await RequireAsync(scenario, "Operator")).Is(200);
                        return await RequireAsync(scenario);
                    }
                )
        ),
        new(
            "PUT /api/users/{id:guid}/break-glass",
            ["user.updated"],
            async scenario =>
                await scenario.OnUserAsync(user => scenario.Admin.SendAsync(HttpMethod.Put, $"/api/users/{user.Id}/break-glass"))
        ),
        new(
            "DELETE /api/users/{id:guid}/break-glass",
            ["user.updated"],
            async scenario =>
                await scenario.OnUserAsync(async user =>
                {
                    (await scenario.Admin.SendAsync(HttpMethod.Put, $"/api/users/{user.Id}/break-glass")).Is(200);
                    return await scenario.Admin.DeleteAsync($"/api/users/{user.Id}/break-glass");
                })
        ),
    ];

    private static Task<ApiResponse> RequireAsync(Scenario scenario, params string[] roles) =>
        scenario.Admin.SendAsync(HttpMethod.Put, "/api/directory/required-roles", new { roles });

    // Removes the provider again, because there can be only five.
    private static async Task<ApiResponse?> WithProviderAsync(
        Scenario scenario,
        Func<ProviderDetails, ApiResponse, Task<ApiResponse?>> operation
    )
    {
        var created = await scenario.Admin.PostAsync(
            "/api/directory/providers",
            new
            {
                name = TestData.Name("provider"),
                issuer = $"http://127.0.0.1:9/{Guid.CreateVersion7():N}",
                clientId = "console",
                clientSecret = "secret",
            }
        );
        var provider = created.Is(201).As<ProviderDetails>();
        var answer = await operation(provider, created);
        await scenario.Admin.DeleteAsync($"/api/directory/providers/{provider.Id}");
        return answer;
    }
}
