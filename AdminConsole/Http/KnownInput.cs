using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using AdminConsole.Core.Common;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace AdminConsole.Http;

/// <summary>
/// Refuses what a route does not know: query parameters that it does not have or has once, values of another type, and
/// a body where it reads
/// none. A misspelt filter would otherwise answer with everything. What a route knows comes from the description that
/// the OpenAPI document is
/// made from.
/// </summary>
public sealed class KnownInput(IApiDescriptionGroupCollectionProvider descriptions)
{
    private static readonly Refusal NoBody = Refusal.Invalid("invalid_request", "This request takes no body.");

    private readonly Lazy<FrozenDictionary<MethodInfo, Input>> inputs = new(() => Read(descriptions));

    /// <summary>The filter of every route under /api and /cli. OAuth endpoints have a rule of their own (RFC 6749,
    /// 3.1): what they don't know, they ignore.</summary>
    public static async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await RefusedAsync(context.HttpContext) is { } refused ? refused.ToProblem() : await next(context);

    /// <summary>True where there is nothing to check: no query and no body.</summary>
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

        // A chunked body may turn out to be empty.
        return !input.HasBody && CanHaveBody(context) && await context.Request.Body.ReadAsync(new byte[1], context.RequestAborted) > 0
            ? NoBody
            : null;
    }

    // Generated binding answers 400 to such a value and does not say which parameter it is.
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

    // The caller's own text, but not all of it.
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

    // The description calls a type of our own a string; the descriptor has the type itself.
    private static Type TypeOf(ApiParameterDescription parameter) =>
        (parameter.ParameterDescriptor?.ParameterType ?? parameter.Type) is { } type
            ? Nullable.GetUnderlyingType(type) ?? type
            : typeof(string);

    private sealed record Input(FrozenDictionary<string, Type> Parameters, bool HasBody);
}
