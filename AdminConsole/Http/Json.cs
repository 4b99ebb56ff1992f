using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdminConsole.Http;

/// <summary>How JSON is read and written at every endpoint: camelCase, nothing unknown, nothing twice, times by
/// <see cref="IsoTime"/>. </summary>
public static class Json
{
    public static void AddJson(this IServiceCollection services)
    {
        services.AddSingleton<KnownInput>();
        services.ConfigureHttpJsonOptions(options => Apply(options.SerializerOptions));
        // A request that cannot be bound becomes an exception, and Problems makes the answer of it, in every
        // environment alike.
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
