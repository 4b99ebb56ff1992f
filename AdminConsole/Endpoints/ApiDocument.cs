using System.Reflection;

namespace AdminConsole.Endpoints;

/// <summary>The OpenAPI document and the page that shows it.</summary>
public static class ApiDocument
{
    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "AdminConsole";
            document.Info.Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3);
            document.Info.Description = "Users, roles, sessions, access tokens and audit. Errors are RFC 9457 problem details with a stable `code`.";
            return Task.CompletedTask;
        }));

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/v1.json").AllowAnonymous();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "api-docs";
            page.DocumentTitle = "AdminConsole API";
            page.SwaggerEndpoint("/openapi/v1.json", "AdminConsole");
        });
    }
}
