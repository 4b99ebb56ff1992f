using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>The caller's own saved filters of the audit log.</summary>
public static class SavedViewEndpoints
{
    public static void MapSavedViews(this RouteGroupBuilder api)
    {
        var views = api.MapGroup("/audit/views").WithTags("AuditViews").RequireAuthorization(Permissions.AuditRead).Refuses(400, 401, 403);
        views.MapGet("/", List).WithSummary("List your saved views of the audit log, by name");
        views.MapPost("/", Create).WithSummary("Save filters of the audit log under a name").Refuses(409);
        views.MapPatch("/{id:guid}", Rename).WithSummary("Rename a saved view").Refuses(404, 409);
        views.MapDelete("/{id:guid}", Delete).WithSummary("Delete a saved view").Refuses(404);
    }

    private static Task<Results<Ok<Page<SavedAuditView>>, ProblemHttpResult>> List(
        string? cursor,
        int? limit,
        SavedViews views,
        Actor actor,
        CancellationToken ct
    ) => views.ListAsync(actor, new PageQuery(limit ?? Limits.PageSize, cursor), ct).ToOk();

    private static async Task<Results<Created<SavedAuditView>, ProblemHttpResult>> Create(
        CreateViewRequest request,
        HttpRequest http,
        SavedViews views,
        Actor actor,
        CancellationToken ct
    ) =>
        (await views.SaveAsync(actor, new SaveViewRequest { Name = request.Name }, request.Query.ToQuery(), ct)).ToHttp(view =>
            TypedResults.Created($"{http.PathBase}/api/audit/views/{view.Id}", view)
        );

    private static Task<Results<Ok<SavedAuditView>, ProblemHttpResult>> Rename(
        Guid id,
        SaveViewRequest request,
        SavedViews views,
        Actor actor,
        CancellationToken ct
    ) => views.RenameAsync(actor, id, request, ct).ToOk();

    private static Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, SavedViews views, Actor actor, CancellationToken ct) =>
        views.DeleteAsync(actor, id, ct).ToNoContent();
}
