using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>Roles and the permissions they are made of.</summary>
public static class RoleEndpoints
{
    public static void MapRoles(this RouteGroupBuilder api)
    {
        var roles = api.MapGroup("/").WithTags("Roles").RequireAuthorization(Permissions.RolesRead).Refuses(401, 403);
        roles.MapGet("/roles", List).WithSummary("List roles");
        roles.MapGet("/permissions", ListPermissions).WithSummary("List permissions");
    }

    private static Task<Results<Ok<Page<RoleSummary>>, ProblemHttpResult>> List(RoleCatalog roles, Actor actor, CancellationToken ct) =>
        roles.ListAsync(actor, ct).ToOk();

    private static Ok<Page<PermissionSummary>> ListPermissions() =>
        TypedResults.Ok(new Page<PermissionSummary>(
            [.. Permissions.Descriptions.Select(permission => new PermissionSummary(permission.Key, permission.Value))], Permissions.All.Count, null));
}
