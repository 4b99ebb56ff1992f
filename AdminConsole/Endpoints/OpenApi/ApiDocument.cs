using System.Reflection;
using AdminConsole.Startup;
using Microsoft.OpenApi;

namespace AdminConsole.Endpoints.OpenApi;

/// <summary>The OpenAPI document and the page that shows it.</summary>
public static class ApiDocument
{
    /// <summary>The names of the security schemes in the document.</summary>
    public const string SessionCookie = "session";
    public const string BearerToken = "token";

    private const string Description = """
        Users, roles, sessions, personal access tokens and audit.

        - **Signing in**: `POST /api/auth/login` answers with a session cookie; send it with every request. A request that changes
          something with it must come from the console's own origin, and say so in `Origin` or `Sec-Fetch-Site`. Programs use a token.
        - **Tokens**: a program sends a personal access token as `Authorization: Bearer acpat_…`. It may do what its scopes say, as far as
          its owner may do it at that moment. With a token in the request, a cookie beside it does not count.
        - **Devices**: a command line or app that its user signed in sends an access token (a JWT of 15 minutes) in the same way, and gets the next one
          at `/oauth/token`. It counts as its user, as a session does.
        - **Refusals** are RFC 9457 problem details (`application/problem+json`) with a stable `code` for programs and a sentence in
          `detail` for people. `errors` names the fields where `code` is `validation_failed`. The one exception is a path with `%00` in
          it, which the web server itself answers with a 400 without a body.
        - **Lists** answer `{items, total, next}`. Pass `next` as `cursor` (audit: `before`) to get the following page; null ends the list.
        - **Times** are UTC, ISO 8601; in requests a date, or a date and time with its offset or `Z`. **Ids** are UUIDs (version 7); events are numbered.
        - JSON members and query parameters that are not documented are refused, and so is a body where none is documented. Answers may gain members.
        - `HEAD` answers as `GET` does, without a body. Reading, exporting and verifying the audit log is recorded for `GET` only.
        """;

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Auth", "First run, signing in and out, and one's own password."),
        ("Users", "Who may use the services, with which roles."),
        ("Roles", "Sets of permissions, and the permissions there are."),
        ("Sessions", "One's own signed-in browsers."),
        ("AdminSessions", "All users' signed-in browsers."),
        ("Devices", "One's own connected command lines and apps."),
        ("Tokens", "One's own personal access tokens."),
        ("AdminTokens", "All users' personal access tokens."),
        (
            "OAuth",
            "For programs that sign in for their user, and services that check a token they were sent. Refusals have the "
                + "form of RFC 6749, not that of problem details."
        ),
        ("Cli", "adminctl, the command line, for download."),
        ("AuditViews", "One's own saved filters of the audit log."),
        ("Mail", "Mail that is queued, failed or sent."),
        ("Audit", "What happened: append-only and hash-chained."),
    ];

    public static void AddApiDocument(this IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.AddSchemaTransformer(ApiSchemas.TransformAsync);
                options.AddOperationTransformer(ApiOperations.TransformAsync);
                options.AddDocumentTransformer(
                    (document, context, _) =>
                    {
                        var settings = context.ApplicationServices.GetRequiredService<ConsoleSettings>();
                        document.Info.Title = "AdminConsole";
                        document.Info.Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3);
                        document.Info.Description = Description;
                        document.Info.License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" };
                        document.Servers = [new OpenApiServer { Url = settings.CookiePath }];
                        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
                        document.Components ??= new OpenApiComponents();
                        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                        {
                            [SessionCookie] = new OpenApiSecurityScheme
                            {
                                Type = SecuritySchemeType.ApiKey,
                                In = ParameterLocation.Cookie,
                                Name = settings.SessionCookieName,
                                Description = "Set by `POST /api/auth/login` and `POST /api/auth/setup`.",
                            },
                            [BearerToken] = new OpenApiSecurityScheme
                            {
                                Type = SecuritySchemeType.Http,
                                Scheme = "bearer",
                                BearerFormat = "acpat_…",
                                Description =
                                    "A personal access token, made by `POST /api/tokens` or on the page of one's tokens; or a connected device's "
                                    + "access token.",
                            },
                        };
                        return Task.CompletedTask;
                    }
                );
            }
        );

    public static void MapApiDocument(this WebApplication app) => app.MapOpenApi("/openapi/v1.json").AllowAnonymous();

    /// <summary>Serves Swagger UI. It is not an endpoint, so it must run before authorization, which would refuse
    /// it.</summary>
    public static void UseApiPage(this WebApplication app) =>
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "api-docs";
            page.DocumentTitle = "AdminConsole API";
            page.SwaggerEndpoint("../openapi/v1.json", "AdminConsole");
            page.EnableDeepLinking();
            page.DefaultModelsExpandDepth(0);
            page.DisplayRequestDuration();
        });
}
