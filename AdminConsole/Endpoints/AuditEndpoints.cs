using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>The audit log.</summary>
public static class AuditEndpoints
{
    public static void MapAudit(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit").RequireAuthorization(Permissions.AuditRead).Refuses(401, 403);
        audit.MapGet("/", List).WithSummary("List events, newest first").Refuses(400);
        audit.MapGet("/{id:long}", Find).WithSummary("One event").Refuses(404);
        audit.MapGet("/verify", Verify).WithSummary("Check that no event was altered, removed or inserted");
    }

    private static Task<Results<Ok<Page<AuditEntry>>, ProblemHttpResult>> List(
        string? action, string? actor, string? target, Guid? session, string? request, Guid? batch, string? ip, DateTimeOffset? from, DateTimeOffset? to,
        string? search, long? before, int? limit, AuditLog audit, Actor caller, CancellationToken ct) =>
        audit.ListAsync(caller, new AuditQuery
        {
            Action = action,
            Actor = actor,
            Target = target,
            Session = session,
            Request = request,
            Batch = batch,
            Ip = ip,
            From = from,
            To = to,
            Search = search,
            Before = before,
            Limit = limit ?? Limits.PageSize,
        }, ct).ToOk();

    private static Task<Results<Ok<AuditEntry>, ProblemHttpResult>> Find(long id, AuditLog audit, Actor actor, CancellationToken ct) =>
        audit.FindAsync(actor, id, ct).ToOk();

    private static Task<Results<Ok<AuditVerification>, ProblemHttpResult>> Verify(AuditVerifier verifier, Actor actor, CancellationToken ct) =>
        verifier.VerifyAsync(actor, ct).ToOk();
}
