using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>Roles and the permissions they consist of.</summary>
public static class RoleEndpoints
{
    public static void MapRoles(this RouteGroupBuilder api)
    {
        var roles = api.MapGroup("/").WithTags("Roles").RequireAuthorization(Permissions.RolesRead).Refuses(401, 403);
        roles.MapGet("/roles", List).WithSummary("List roles").Refuses(400);
        roles.MapGet("/roles/{name}", Find).WithSummary("Get a role").Refuses(404);
        roles.MapGet("/permissions", ListPermissions).WithSummary("List permissions").Refuses(400);

        var edit = api.MapGroup("/roles").WithTags("Roles").RequireAuthorization(Permissions.RolesWrite).Refuses(400, 401, 403, 409);
        edit.MapPost("/", Create).WithSummary("Create a role");
        edit.MapPut("/{name}", Update).WithSummary("Replace a role's name, description and permissions").Refuses(404);
        edit.MapDelete("/{name}", Delete).WithSummary("Delete a role; moveTo names the role that its users get instead").Refuses(404);
    }

    private static Task<Results<Ok<Page<RoleSummary>>, ProblemHttpResult>> List(
        string? cursor,
        int? limit,
        RoleCatalog roles,
        Actor actor,
        CancellationToken ct
    ) => roles.ListAsync(actor, new PageQuery(limit ?? Limits.PageSize, cursor), ct).ToOk();

    private static Task<Results<Ok<RoleSummary>, ProblemHttpResult>> Find(
        string name,
        RoleCatalog roles,
        Actor actor,
        CancellationToken ct
    ) => roles.FindAsync(actor, name, ct).ToOk();

    private static async Task<Results<Created<RoleSummary>, ProblemHttpResult>> Create(
        RoleRequest request,
        HttpRequest http,
        CustomRoles roles,
        Actor actor,
        CancellationToken ct
    ) =>
        (await roles.CreateAsync(actor, request, ct)).ToHttp(role =>
            TypedResults.Created($"{http.PathBase}/api/roles/{Uri.EscapeDataString(role.Name)}", role)
        );

    private static Task<Results<Ok<RoleSummary>, ProblemHttpResult>> Update(
        string name,
        RoleRequest request,
        CustomRoles roles,
        Actor actor,
        CancellationToken ct
    ) => roles.UpdateAsync(actor, name, request, ct).ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> Delete(
        string name,
        string? moveTo,
        CustomRoles roles,
        Actor actor,
        CancellationToken ct
    ) => roles.DeleteAsync(actor, name, moveTo, ct).ToNoContent();

    private static Results<Ok<Page<PermissionSummary>>, ProblemHttpResult> ListPermissions(string? cursor, int? limit) =>
        Paging
            .Page(
                [.. Permissions.Descriptions.Select(entry => new PermissionSummary(entry.Key, entry.Value))],
                new PageQuery(limit ?? Limits.PageSize, cursor),
                permission => permission.Name
            )
            .ToHttp(page => TypedResults.Ok(page));
}
