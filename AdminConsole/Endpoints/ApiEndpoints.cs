using AdminConsole.Http;

namespace AdminConsole.Endpoints;

/// <summary>Maps the endpoints of the API, one line per feature.</summary>
public static class ApiEndpoints
{
    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api").AddEndpointFilter(ResultHttp.SayWhenAsync).AddEndpointFilter(KnownInput.CheckAsync);
        api.MapAuthentication();
        api.MapAccount();
        api.MapUsers();
        api.MapUserFiles();
        api.MapUserLifecycle();
        api.MapRoles();
        api.MapSessions();
        api.MapAdminSessions();
        api.MapDevices();
        api.MapTokens();
        api.MapAdminTokens();
        api.MapProviders();
        api.MapSettings();
        api.MapAudit();
        api.MapSavedViews();
        api.MapSystem();
        api.MapEmail();
        app.MapOAuth();
        app.MapCli();
    }

    /// <summary>Lists the statuses with which an endpoint may refuse, for the OpenAPI document.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder builder, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses)
        {
            builder.WithMetadata(
                new ProducesResponseTypeMetadata(status, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"])
            );
        }

        return builder;
    }
}
