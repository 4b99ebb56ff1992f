using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>An export file whose content is generated in pieces while it is read.</summary>
public sealed record AuditFile(string ContentType, string Name, IAsyncEnumerable<string> Pieces);

/// <summary>Exports events as CSV or NDJSON, oldest first. Reads 1,000 events at a time, so memory use does not depend
/// on their number.</summary>
public sealed class AuditExport(AppDbContext db, TimeProvider clock)
{
    private const int BatchSize = 1_000;

    private static readonly string[] Columns =
    [
        "id",
        "at",
        "action",
        "actorType",
        "actorId",
        "actor",
        "via",
        "targetType",
        "targetId",
        "target",
        "ip",
        "userAgent",
        "sessionId",
        "requestId",
        "batchId",
        "details",
        "hash",
    ];

    /// <summary>Returns an export of the events that were recorded before this call. The query's filters apply, its
    /// paging does not. The export and its number of events are recorded before the first piece, except for HEAD
    /// requests. Requires audit.export. Refused as <c>invalid_request</c>.</summary>
    public async Task<Result<AuditFile>> BeginAsync(Actor actor, AuditQuery query, string? format, CancellationToken ct)
    {
        if (actor.Require(Permissions.AuditExport) is { } refused)
        {
            return refused;
        }

        if (format is not (null or "csv" or "ndjson"))
        {
            return Refusal.Invalid("invalid_request", "format is csv or ndjson.");
        }

        if (actor.GetsHeadersOnly)
        {
            return FileOf(query, format, ct);
        }

        var head = await db.ReadHeadAsync(ct);
        query = query with { Before = head.LastId + 1 };
        var filter = AuditReadLog.Describe(query);
        var count = filter.Count == 0 ? head.LastId - head.CheckpointId : await db.AuditEvents.Matching(query).LongCountAsync(ct);
        var recorded = await db.ChangeAsync<Unit>(
            actor,
            Permissions.AuditExport,
            change =>
            {
                change.Record(
                    AuditActions.AuditExported,
                    null,
                    new
                    {
                        format = format ?? "csv",
                        filter,
                        count,
                    }
                );
                return Task.FromResult<Result<Unit>>(default(Unit));
            },
            ct
        );
        return recorded.Then(_ => FileOf(query, format, ct));
    }

    private AuditFile FileOf(AuditQuery query, string? format, CancellationToken ct)
    {
        var name = AuditFileName.Of(query, format, clock.GetUtcNow());
        return format == "ndjson"
            ? new AuditFile("application/x-ndjson", name, ReadAsync(query, "", Json, ct))
            : new AuditFile("text/csv; charset=utf-8", name, ReadAsync(query, CsvText.Write([Columns]), Csv, ct));
    }

    private async IAsyncEnumerable<string> ReadAsync(
        AuditQuery query,
        string header,
        Func<List<AuditEvent>, string> write,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return header;

        foreach (var range in (await AuditTimeline.RangesAsync(db, query, ct)).Reverse())
        {
            long? after = range.First - 1;
            while (after is { } from)
            {
                var read = await db
                    .AuditEvents.Where(entry => entry.Id > from && entry.Id <= range.Last)
                    .InOrder(query)
                    .OrderBy(entry => entry.Id)
                    .Take(BatchSize)
                    .AsNoTracking()
                    .ToListAsync(ct);
                yield return write(read);
                after = read.Count == BatchSize ? read[^1].Id : null;
            }
        }
    }

    private static string Json(List<AuditEvent> events) =>
        events
            .Aggregate(
                new StringBuilder(),
                (text, entry) => text.Append(JsonSerializer.Serialize(entry.ToEntry(), JsonSerializerOptions.Web)).Append('\n')
            )
            .ToString();

    private static string Csv(List<AuditEvent> events) => CsvText.Write(events.Select(Row));

    private static string[] Row(AuditEvent entry) =>
        [
            entry.Id.ToString(CultureInfo.InvariantCulture),
            entry.At.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            entry.Action,
            entry.ActorType,
            entry.ActorId?.ToString() ?? "",
            Cell(entry.ActorName),
            entry.Via,
            Cell(entry.TargetType),
            Cell(entry.TargetId),
            Cell(entry.TargetName),
            Cell(entry.Ip),
            Cell(entry.UserAgent),
            entry.SessionId?.ToString() ?? "",
            Cell(entry.RequestId),
            entry.BatchId?.ToString() ?? "",
            Cell(entry.Details),
            Convert.ToHexStringLower(entry.Hash),
        ];

    private static string Cell(string? text) => text is null ? "" : CsvText.Neutralise(text);
}
