using System.Text;
using AdminConsole.Core;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace AdminConsole.Endpoints;

/// <summary>Users as CSV files, out and in.</summary>
public static class UserFileEndpoints
{
    private const string Csv = "text/csv";
    private const string Form = "multipart/form-data";

    private static readonly Refusal NoFile = Refusal.Invalid("invalid_request", "The form has no file in it.");

    public static void MapUserFiles(this RouteGroupBuilder api)
    {
        var files = api.MapGroup("/users").WithTags("Users").Refuses(400, 401, 403);
        files.MapGet("/export", Export).WithSummary("Download users as CSV").RequireAuthorization(Permissions.UsersRead).Produces<string>(200, Csv);
        files.MapPost("/import", Import).WithSummary("Create and change users from CSV, all or none").RequireAuthorization(Permissions.UsersWrite)
            .WithMetadata(new LargeFile()).Accepts<IFormFile>(Csv, Form).DisableAntiforgery().Refuses(413, 415);
    }

    private static Results<PushStreamHttpResult, ProblemHttpResult> Export(
        string? search, string? role, bool? active, UserExport users, Actor actor, CancellationToken ct) =>
        users.Begin(actor, new UserQuery { Search = search, Role = role, Active = active }, ct).ToHttp(file =>
            TypedResults.Stream(body => WriteAsync(body, file.Pieces, ct), $"{Csv}; charset=utf-8", "users.csv"));

    private static async Task<Results<Ok<ImportResult>, ProblemHttpResult>> Import(
        bool? dryRun, UserImport users, HttpRequest request, Actor actor, CancellationToken ct) =>
        await (await OpenAsync(request, ct)).Match(
            file => users.RunAsync(actor, file, dryRun ?? false, progress: null, ct), refusal => Task.FromResult<Result<ImportResult>>(refusal)).ToOk();

    private static async Task WriteAsync(Stream body, IAsyncEnumerable<string> pieces, CancellationToken ct)
    {
        await foreach (var piece in pieces)
        {
            await body.WriteAsync(Encoding.UTF8.GetBytes(piece), ct);
        }
    }

    // The body itself, or the first file of a form. Too much of either ends as 413 while it is read.
    private static async Task<Result<Stream>> OpenAsync(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasFormContentType)
        {
            return await BufferedAsync(request.Body, ct);
        }

        try
        {
            var form = await request.ReadFormAsync(ct);
            return form.Files is [var file, ..] ? file.OpenReadStream() : NoFile;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return NoFile;
        }
    }

    // Before the change begins, so that a slow sender holds no lock.
    private static async Task<Stream> BufferedAsync(Stream body, CancellationToken ct)
    {
        var buffer = new MemoryStream();
        await body.CopyToAsync(buffer, ct);
        buffer.Position = 0;
        return buffer;
    }

    private sealed class LargeFile : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => Limits.ImportBytes;
    }
}
