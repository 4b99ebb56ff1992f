using AdminConsole.Authentication;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AdminConsole.Endpoints;

/// <summary>Identity providers, their group rules, and the roles that require one.</summary>
public static class ProviderEndpoints
{
    public static void MapProviders(this RouteGroupBuilder api)
    {
        var directory = api.MapGroup("/directory").WithTags("Directory").RequireAuthorization(Permissions.DirectoryWrite).Refuses(401, 403);
        var providers = directory.MapGroup("/providers");
        providers.MapGet("/", List).WithSummary("List identity providers, by name").Refuses(400);
        providers.MapGet("/{id:guid}", Find).WithSummary("Get an identity provider").Refuses(404);
        providers.MapPost("/", Create).WithSummary("Add an identity provider").Refuses(400, 409);
        providers.MapPut("/{id:guid}", Update).WithSummary("Replace an identity provider").Refuses(400, 404, 409);
        providers
            .MapDelete("/{id:guid}", Delete)
            .WithSummary("Remove an identity provider, the links of accounts to it and the sessions it started")
            .Refuses(404, 409);
        providers.MapGet("/{id:guid}/rules", FindRules).WithSummary("Get the group rules of an identity provider").Refuses(404);
        providers.MapPut("/{id:guid}/rules", ReplaceRules).WithSummary("Replace the group rules of an identity provider").Refuses(400, 404);
        providers
            .MapPost("/{id:guid}/check", Check)
            .WithSummary("Fetch the discovery document and keys of an identity provider")
            .Refuses(404);
        directory.MapGet("/required-roles", FindRequired).WithSummary("Get the roles whose users must sign in with an identity provider");
        directory
            .MapPut("/required-roles", ReplaceRequired)
            .WithSummary("Replace the roles whose users must sign in with an identity provider")
            .Refuses(400, 409);
        directory
            .MapGet("/required-roles/impact", Impact)
            .WithSummary("Count the users affected if these roles required an identity provider")
            .Refuses(400);
    }

    private static Task<Results<Ok<Page<ProviderDetails>>, ProblemHttpResult>> List(
        string? cursor,
        int? limit,
        IdentityProviders providers,
        Actor actor,
        CancellationToken ct
    ) => providers.ListAsync(actor, new PageQuery(limit ?? Limits.PageSize, cursor), ct).ToOk();

    private static Task<Results<Ok<ProviderDetails>, ProblemHttpResult>> Find(
        Guid id,
        IdentityProviders providers,
        Actor actor,
        CancellationToken ct
    ) => providers.FindAsync(actor, id, ct).ToOk();

    private static async Task<Results<Created<ProviderDetails>, ProblemHttpResult>> Create(
        ProviderRequest request,
        HttpRequest http,
        IdentityProviders providers,
        Actor actor,
        CancellationToken ct
    ) =>
        (await providers.CreateAsync(actor, request, ct)).ToHttp(provider =>
            TypedResults.Created($"{http.PathBase}/api/directory/providers/{provider.Id}", provider)
        );

    private static Task<Results<Ok<ProviderDetails>, ProblemHttpResult>> Update(
        Guid id,
        ProviderRequest request,
        IdentityProviders providers,
        Actor actor,
        CancellationToken ct
    ) => providers.UpdateAsync(actor, id, request, ct).ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IdentityProviders providers,
        Actor actor,
        CancellationToken ct
    ) => providers.DeleteAsync(actor, id, ct).ToNoContent();

    private static Task<Results<Ok<GroupRules>, ProblemHttpResult>> FindRules(
        Guid id,
        ProviderRules rules,
        Actor actor,
        CancellationToken ct
    ) => rules.GetAsync(actor, id, ct).ToOk();

    private static Task<Results<Ok<GroupRules>, ProblemHttpResult>> ReplaceRules(
        Guid id,
        GroupRules request,
        ProviderRules rules,
        Actor actor,
        CancellationToken ct
    ) => rules.ReplaceAsync(actor, id, request, ct).ToOk();

    private static Task<Results<Ok<ProviderCheck>, ProblemHttpResult>> Check(
        Guid id,
        ProviderCheckup checkup,
        Actor actor,
        ConsoleSettings settings,
        HttpContext context
    ) => checkup.RunAsync(actor, id, settings.RootOf(context), context.RequestAborted).ToOk();

    private static Task<Results<Ok<RequiredProviderRoles>, ProblemHttpResult>> FindRequired(
        RequiredProviders required,
        Actor actor,
        CancellationToken ct
    ) => required.GetAsync(actor, ct).ToOk();

    private static Task<Results<Ok<RequiredProviderRoles>, ProblemHttpResult>> ReplaceRequired(
        RequiredProviderRoles request,
        RequiredProviders required,
        Actor actor,
        CancellationToken ct
    ) => required.ReplaceAsync(actor, request, ct).ToOk();

    private static Task<Results<Ok<RequiredProviderImpact>, ProblemHttpResult>> Impact(
        [FromQuery(Name = "role")] string[] role,
        RequiredProviders required,
        Actor actor,
        CancellationToken ct
    ) => required.ImpactAsync(actor, role, ct).ToOk();
}
