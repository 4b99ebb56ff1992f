using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AdminConsole.Endpoints;

/// <summary>The audit log.</summary>
public static class AuditEndpoints
{
    private const string LastEventId = "Last-Event-ID";

    public static void MapAudit(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit").Refuses(401, 403);
        audit.MapGet("/", List).WithSummary("List events, newest first").RequireAuthorization(Permissions.AuditRead).Refuses(400);
        audit.MapGet("/{id:long}", Find).WithSummary("Get an event").RequireAuthorization(Permissions.AuditRead).Refuses(404);
        audit
            .MapGet("/export", Export)
            .WithSummary("Download events, oldest first, as CSV or NDJSON")
            .RequireAuthorization(Permissions.AuditExport)
            .Refuses(400)
            .Produces<string>(200, "text/csv", "application/x-ndjson");
        audit
            .MapGet("/stream", Follow)
            .WithSummary("Stream new events as server-sent events")
            .RequireAuthorization(Permissions.AuditRead)
            .Refuses(400, 429)
            .Produces<string>(200, "text/event-stream");
        audit
            .MapGet("/verify", Verify)
            .WithSummary("Check that no event was altered, removed or inserted")
            .RequireAuthorization(Permissions.AuditRead);
    }

    private static Task<Results<Ok<Page<AuditEntry>>, ProblemHttpResult>> List(
        [AsParameters] Filters filters,
        long? before,
        int? limit,
        AuditLog audit,
        Actor caller,
        CancellationToken ct
    ) => audit.ListAsync(caller, filters.ToQuery() with { Before = before, Limit = limit ?? Limits.PageSize }, ct).ToOk();

    private static Task<Results<Ok<AuditEntry>, ProblemHttpResult>> Find(long id, AuditLog audit, Actor actor, CancellationToken ct) =>
        audit.FindAsync(actor, id, ct).ToOk();

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Export(
        [AsParameters] Filters filters,
        string? format,
        bool? bom,
        HttpResponse response,
        AuditExport audit,
        Actor caller,
        CancellationToken ct
    ) =>
        (await audit.BeginAsync(caller, filters.ToQuery(), format, ct)).ToHttp(file =>
            TypedResults.Stream(_ => FileBodies.WriteAsync(response, file.Pieces, bom ?? false, ct), file.ContentType, file.Name)
        );

    private static async Task<Results<ServerSentEvents, ProblemHttpResult>> Follow(
        [AsParameters] Filters filters,
        [FromHeader(Name = LastEventId)] string? lastEventId,
        AuditStream audit,
        Actor caller,
        CancellationToken ct
    ) => (await audit.BeginAsync(caller, filters.ToQuery(), lastEventId, ct)).ToHttp(stream => new ServerSentEvents(stream));

    private static Task<Results<Ok<AuditVerification>, ProblemHttpResult>> Verify(
        AuditVerifier verifier,
        Actor actor,
        CancellationToken ct
    ) => verifier.VerifyAsync(actor, ct).ToOk();

    /// <summary>The filters of the list, the export and the stream.</summary>
    internal sealed record Filters
    {
        [FromQuery(Name = "action")]
        public string? Action { get; init; }

        [FromQuery(Name = "actor")]
        public string? Actor { get; init; }

        [FromQuery(Name = "target")]
        public string? Target { get; init; }

        [FromQuery(Name = "session")]
        public Guid? Session { get; init; }

        [FromQuery(Name = "request")]
        public string? Request { get; init; }

        [FromQuery(Name = "batch")]
        public Guid? Batch { get; init; }

        [FromQuery(Name = "ip")]
        public string? Ip { get; init; }

        [FromQuery(Name = "from")]
        public IsoTime? From { get; init; }

        [FromQuery(Name = "to")]
        public IsoTime? To { get; init; }

        [FromQuery(Name = "search")]
        public string? Search { get; init; }

        public AuditQuery ToQuery() =>
            new()
            {
                Action = Action,
                Actor = Actor,
                Target = Target,
                Session = Session,
                Request = Request,
                Batch = Batch,
                Ip = Ip,
                From = From?.Value,
                To = To?.Value,
                Search = Search,
            };
    }
}
