using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>Queued, failed and sent emails.</summary>
public static class EmailEndpoints
{
    public static void MapEmail(this RouteGroupBuilder api)
    {
        var mail = api.MapGroup("/system/mail").WithTags("Mail").RequireAuthorization(Permissions.SettingsWrite).Refuses(401, 403);
        mail.MapGet("/", Find).WithSummary("Count queued, failed and sent emails, and list the last 50 that could not be sent yet");
        mail.MapPost("/retry", RetryAll).WithSummary("Retry all failed emails now");
        mail.MapPost("/{id:guid}/retry", Retry).WithSummary("Retry one failed email now").Refuses(404);
        mail.MapPost("/test", SendTest).WithSummary("Send a test email to your own address").Refuses(409);
    }

    private static Task<Results<Ok<OutboxStatus>, ProblemHttpResult>> Find(OutboxAdministration mail, Actor actor, CancellationToken ct) =>
        mail.GetAsync(actor, ct).ToOk();

    private static async Task<Results<Ok<MailsRetried>, ProblemHttpResult>> RetryAll(
        OutboxAdministration mail,
        Actor actor,
        CancellationToken ct
    ) => (await mail.RetryAsync(actor, id: null, ct)).ToHttp(count => TypedResults.Ok(new MailsRetried(count)));

    private static async Task<Results<Ok<MailsRetried>, ProblemHttpResult>> Retry(
        Guid id,
        OutboxAdministration mail,
        Actor actor,
        CancellationToken ct
    ) => (await mail.RetryOneAsync(actor, id, ct)).ToHttp(count => TypedResults.Ok(new MailsRetried(count)));

    private static async Task<Results<Ok<TestMailSent>, ProblemHttpResult>> SendTest(
        OutboxAdministration mail,
        Actor actor,
        CancellationToken ct
    ) => (await mail.SendTestAsync(actor, ct)).ToHttp(to => TypedResults.Ok(new TestMailSent(to)));
}
