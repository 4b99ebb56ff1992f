using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace AdminConsole.Endpoints;

/// <summary>Export and import of users as CSV files.</summary>
public static class UserFileEndpoints
{
    private const string Csv = "text/csv";
    private const string Form = "multipart/form-data";

    public static void MapUserFiles(this RouteGroupBuilder api)
    {
        var files = api.MapGroup("/users").WithTags("Users").Refuses(400, 401, 403);
        files
            .MapGet("/export", Export)
            .WithSummary("Download users as CSV")
            .RequireAuthorization(Permissions.UsersRead)
            .Produces<string>(200, Csv);
        files
            .MapPost("/import", Import)
            .WithSummary("Create and update users from CSV, all or none")
            .RequireAuthorization(Permissions.UsersWrite)
            .WithMetadata(new LargeFile())
            .Accepts<IFormFile>(Csv, Form)
            .DisableAntiforgery()
            .Refuses(413, 415);
    }

    private static Results<PushStreamHttpResult, ProblemHttpResult> Export(
        string? search,
        string? role,
        bool? active,
        string? status,
        string? source,
        bool? mfa,
        bool? neverSignedIn,
        int? inactiveDays,
        bool? bom,
        HttpResponse response,
        UserExport users,
        Actor actor,
        CancellationToken ct
    ) =>
        users
            .Begin(
                actor,
                new UserQuery
                {
                    Search = search,
                    Role = role,
                    Active = active,
                    Status = status,
                    Source = source,
                    Mfa = mfa,
                    NeverSignedIn = neverSignedIn,
                    InactiveDays = inactiveDays,
                },
                ct
            )
            .ToHttp(file =>
                TypedResults.Stream(
                    _ => FileBodies.WriteAsync(response, file.Pieces, bom ?? false, ct),
                    $"{Csv}; charset=utf-8",
                    "users.csv"
                )
            );

    private static async Task<Results<Ok<ImportResult>, ProblemHttpResult>> Import(
        bool? dryRun,
        UserImport users,
        HttpRequest request,
        Actor actor,
        CancellationToken ct
    ) =>
        await (await FileBodies.OpenAsync(request, ct))
            .Match(
                file => users.RunAsync(actor, file, dryRun ?? false, progress: null, ct),
                refusal => Task.FromResult<Result<ImportResult>>(refusal)
            )
            .ToOk();

    private sealed class LargeFile : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => Limits.ImportBytes;
    }
}
