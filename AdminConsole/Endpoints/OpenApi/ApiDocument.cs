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
        Users, roles, sessions, personal access tokens and the audit log.

        - **Sign-in**: `POST /api/auth/login` sets a session cookie. Send it with every request. A request that changes data with
          the cookie must come from the console's own origin, and send `Origin` or `Sec-Fetch-Site`. Programs use a token instead.
        - **Tokens**: a program sends a personal access token as `Authorization: Bearer acpat_…`. The token is limited to its scopes
          and to the current permissions of its owner. When a request has a token, its cookies are ignored.
        - **Devices**: a command line or app that its user signed in sends an access token (a JWT, valid for 15 minutes) in the same
          way, and gets the next one from `/oauth/token`. It acts as its user, as a session does.
        - **Refusals** are RFC 9457 problem details (`application/problem+json`) with a stable `code` for programs and a sentence in
          `detail` for users. When `code` is `validation_failed`, `errors` names the fields. The one exception is a path that
          contains `%00`: the web server itself answers it with 400 and no body.
        - **Lists** return `{items, total, next}`. Pass `next` as `cursor` (in the audit log: `before`) to get the next page. On the
          last page, it is null.
        - **Times** are ISO 8601 in UTC. Requests take a date, or a date and time with an offset or `Z`. **Ids** are UUIDs
          (version 7). Events are numbered.
        - Undocumented JSON members and query parameters are refused, and so is a body where none is documented. Responses may gain
          members.
        - `HEAD` is answered like `GET`, without a body. Reading, exporting and verifying the audit log is recorded for `GET` only.
        """;

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Auth", "Initial setup, sign-in and sign-out, and your own password, email and second factor."),
        ("Users", "User accounts, with their roles and credentials."),
        ("Roles", "Roles, and the permissions they can have."),
        ("Sessions", "Your own signed-in browsers."),
        ("AdminSessions", "All users' signed-in browsers."),
        ("Devices", "Your own connected command lines and apps."),
        ("Tokens", "Your own personal access tokens."),
        ("AdminTokens", "All users' personal access tokens."),
        (
            "OAuth",
            "For programs that sign in on behalf of their user, and for services that check a token they received. Refusals "
                + "have the format of RFC 6749, not that of problem details."
        ),
        ("Cli", "Downloads of adminctl, the command line."),
        ("Directory", "Identity providers, their group rules, and the roles that require one."),
        ("Settings", "The settings that can be changed while the server runs."),
        ("System", "The health of the node that answers."),
        ("AuditViews", "Your own saved filters of the audit log."),
        ("Mail", "Emails that are queued, failed or sent."),
        ("Audit", "The audit log: append-only and hash-chained."),
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
                                    "A personal access token, created with `POST /api/tokens` or on the My tokens page, "
                                    + "or the access token of a connected device.",
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
