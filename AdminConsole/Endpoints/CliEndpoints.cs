using AdminConsole.Cli;
using AdminConsole.Core.Cli;
using AdminConsole.Http;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace AdminConsole.Endpoints;

/// <summary>Downloads of the command line, for any caller, because it contains no secret.</summary>
public static class CliEndpoints
{
    private const string Binary = "application/octet-stream";
    private const string Text = "text/plain";

    public static void MapCli(this WebApplication app)
    {
        var cli = app.MapGroup("/cli")
            .WithTags("Cli")
            .AllowAnonymous()
            .AddEndpointFilter(KnownInput.CheckAsync)
            .AddEndpointFilter(SayVersionAsync);
        cli.MapGet("/install.sh", Script)
            .WithSummary("Download a shell script that installs adminctl for this server")
            .Produces<string>(200, Text);
        cli.MapGet("/download", Download).WithSummary("Download adminctl for a platform").Produces<string>(200, Binary).Refuses(404);
    }

    private static async Task<ContentHttpResult> Script(
        CliArtifacts artifacts,
        ConsoleSettings settings,
        HttpContext context,
        CancellationToken ct
    ) => TypedResults.Text(InstallScript.For(settings.RootOf(context), await artifacts.ListAsync(ct)), Text);

    private static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> Download(
        string? os,
        string? arch,
        CliArtifacts artifacts,
        HttpResponse response,
        CancellationToken ct
    ) => (await artifacts.FindAsync(os, arch, ct)).ToHttp(artifact => File(artifact, response));

    private static PhysicalFileHttpResult File(CliArtifact artifact, HttpResponse response)
    {
        response.Headers["X-Checksum-Sha256"] = artifact.Sha256;
        response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(artifact.Sha256))}:";
        response.Headers.CacheControl = "no-cache";
        return TypedResults.PhysicalFile(
            artifact.Path,
            Binary,
            artifact.FileName,
            artifact.ChangedAt,
            new EntityTagHeaderValue($"\"{artifact.Sha256}\""),
            enableRangeProcessing: true
        );
    }

    private static ValueTask<object?> SayVersionAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers[ConsoleVersion.Header] = ConsoleVersion.Current;
        return next(context);
    }
}
