using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdminConsole.Http;

/// <summary>Configures JSON for all endpoints: camelCase, no unknown or duplicate members, times as in
/// <see cref="IsoTime"/>.</summary>
public static class Json
{
    public static void AddJson(this IServiceCollection services)
    {
        services.AddSingleton<KnownInput>();
        services.ConfigureHttpJsonOptions(options => Apply(options.SerializerOptions));
        // A request that cannot be bound throws in every environment, and Problems writes the response.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    private static void Apply(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new IsoTime.JsonTimes());
    }
}
