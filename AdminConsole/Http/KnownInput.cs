using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using AdminConsole.Core.Common;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace AdminConsole.Http;

/// <summary>Refuses input that an endpoint does not declare. That is an unknown or repeated query parameter, a value of
/// another type, or a body where it reads none. Otherwise a misspelled filter would return everything. The declared
/// input comes from the descriptions that the OpenAPI document is built from.</summary>
public sealed class KnownInput(IApiDescriptionGroupCollectionProvider descriptions)
{
    private static readonly Refusal NoBody = Refusal.Invalid("invalid_request", "This request takes no body.");

    private readonly Lazy<FrozenDictionary<MethodInfo, Input>> inputs = new(() => Read(descriptions));

    /// <summary>The filter of every endpoint under /api and /cli. OAuth endpoints ignore unknown parameters instead
    /// (RFC 6749, 3.1).</summary>
    public static async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await RefusedAsync(context.HttpContext) is { } refused ? refused.ToProblem() : await next(context);

    /// <summary>True when there is nothing to check: no query and no body.</summary>
    public static bool IsNone(HttpContext context) => !context.Request.QueryString.HasValue && !CanHaveBody(context);

    private static ValueTask<Refusal?> RefusedAsync(HttpContext context) =>
        IsNone(context) || context.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>() is not { } handler ? default
        : context.RequestServices.GetRequiredService<KnownInput>().inputs.Value.TryGetValue(handler, out var input)
            ? RefusedAsync(context, input)
        : default;

    private static async ValueTask<Refusal?> RefusedAsync(HttpContext context, Input input)
    {
        foreach (var (name, values) in context.Request.Query)
        {
            if (!input.Parameters.TryGetValue(name, out var type))
            {
                return Refusal.Invalid("invalid_request", Unknown(name, input));
            }

            if (values.Count > 1 && !type.IsArray)
            {
                return Refusal.Invalid("invalid_request", $"The query parameter '{name}' is given {values.Count} times; give it once.");
            }

            if (ExpectedBy(type, values.ToString()) is { } expected)
            {
                return Refusal.Invalid("invalid_request", $"The query parameter '{name}' can't be read. {expected}");
            }
        }

        // A chunked body may be empty.
        return !input.HasBody && CanHaveBody(context) && await context.Request.Body.ReadAsync(new byte[1], context.RequestAborted) > 0
            ? NoBody
            : null;
    }

    // The generated binding code answers 400 to such a value without naming the parameter.
    private static string? ExpectedBy(Type type, string value) =>
        type == typeof(bool) ? (bool.TryParse(value, out _) ? null : "It is true or false.")
        : type == typeof(int) ? (int.TryParse(value, CultureInfo.InvariantCulture, out _) ? null : "It is a whole number.")
        : type == typeof(long) ? (long.TryParse(value, CultureInfo.InvariantCulture, out _) ? null : "It is a whole number.")
        : type == typeof(Guid) ? (Guid.TryParse(value, out _) ? null : "It is an id.")
        : type == typeof(IsoTime) ? (IsoTime.TryParse(value, null, out _) ? null : IsoTime.Expected)
        : null;

    private static bool CanHaveBody(HttpContext context) => context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    private static string Unknown(string name, Input input) =>
        $"There is no query parameter '{Shown(name)}' here"
        + (
            input.Parameters.Count == 0
                ? ", nor any other."
                : $"; there are: {string.Join(", ", input.Parameters.Keys.Order(StringComparer.Ordinal))}."
        );

    // The name comes from the caller, so it is truncated.
    private static string Shown(string name) => name.Length <= 50 ? name : name[..50] + "…";

    private static FrozenDictionary<MethodInfo, Input> Read(IApiDescriptionGroupCollectionProvider descriptions) =>
        descriptions
            .ApiDescriptionGroups.Items.SelectMany(group => group.Items)
            .Select(route => (Handler: route.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().FirstOrDefault(), Route: route))
            .Where(pair => pair.Handler is not null)
            .DistinctBy(pair => pair.Handler)
            .ToFrozenDictionary(
                pair => pair.Handler!,
                pair => new Input(
                    pair.Route.ParameterDescriptions.Where(parameter => parameter.Source == BindingSource.Query)
                        .ToFrozenDictionary(parameter => parameter.Name, TypeOf, StringComparer.OrdinalIgnoreCase),
                    pair.Route.SupportedRequestFormats.Count > 0
                        || pair.Route.ParameterDescriptions.Any(parameter => parameter.Source == BindingSource.Body)
                )
            );

    // The description reports custom types as string. The descriptor has the actual type.
    private static Type TypeOf(ApiParameterDescription parameter) =>
        (parameter.ParameterDescriptor?.ParameterType ?? parameter.Type) is { } type
            ? Nullable.GetUnderlyingType(type) ?? type
            : typeof(string);

    private sealed record Input(FrozenDictionary<string, Type> Parameters, bool HasBody);
}
