using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using AdminConsole.Authorization;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AdminConsole.Endpoints.OpenApi;

/// <summary>Completes the description of an operation: the required permission, the refusal codes, and
/// examples.</summary>
internal static class ApiOperations
{
    private const string Problem = "application/problem+json";

    public static async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var handler = metadata.OfType<MethodInfo>().First();
        operation.OperationId = JsonNamingPolicy.CamelCase.ConvertName(operation.Tags!.First().Name!) + handler.Name;
        var example = ApiExamples.Of(operation.OperationId);
        var policy = metadata.OfType<IAllowAnonymous>().Any()
            ? null
            : metadata.OfType<IAuthorizeData>().Last(data => data.Policy is not null).Policy;

        operation.Description = string.Join("\n\n", new[] { example.Description, Needs(policy) }.OfType<string>());
        operation.Security =
        [
            .. SchemesOf(policy, operation.OperationId)
                .Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] }),
        ];
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            ApiParameters.Describe(operation.Tags!.First().Name!, parameter);
        }

        var json = context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        Show(operation.RequestBody?.Content, example.Request, json);
        if (context.Description.RelativePath!.StartsWith("oauth/", StringComparison.Ordinal))
        {
            await OAuthAnswers.DescribeAsync(operation, context, ct);
        }
        else
        {
            await AnswerAsync(operation, context, Codes(operation, policy, example, context.Description.HttpMethod!), ct);
        }

        foreach (var answer in operation.Responses!.Where(answer => answer.Key[0] == '2'))
        {
            Show(answer.Value.Content, example.Answer, json);
            answer.Value.Description =
                answer.Key == "204" ? "Success, no content."
                : answer.Key == "201" ? "Created."
                : "Success.";
        }
    }

    private static string[] SchemesOf(string? policy, string operation) =>
        policy is null ? []
        : operation == "tokensRotateCurrent" ? [ApiDocument.BearerToken]
        : [ApiDocument.SessionCookie, ApiDocument.BearerToken];

    private static string Needs(string? policy) =>
        policy switch
        {
            null => "No sign-in required.",
            Policies.SignedIn => "Requires a session or a token.",
            Policies.Interactive =>
                "Requires a signed-in user: a session, or a connected device's access token. Personal access tokens are refused.",
            Policies.EvenWithFactorDue =>
                "Requires a user who signed in with full access. Also works while a role requires a second factor that is missing.",
            Policies.EvenWithPasswordDue => "Requires a session or a token. Also works while the password must be changed.",
            _ => $"Requires the permission `{policy}`.",
        };

    /// <summary>Returns the refusal codes of an operation: those common to all such operations, and its own.</summary>
    private static IEnumerable<string> Codes(OpenApiOperation operation, string? policy, ApiExample example, string method)
    {
        var declared = operation.Responses!.Keys.ToHashSet();
        if (operation.RequestBody is not null)
        {
            declared.UnionWith(["400", "413", "415"]);
        }

        if (!HttpMethods.IsGet(method))
        {
            declared.Add("403"); // Cross-site requests.
        }

        if (operation.Tags!.First().Name != "OAuth")
        {
            declared.Add("400"); // Unknown query parameters and unexpected bodies.
        }

        string?[] usual =
        [
            operation.RequestBody is null ? null : "validation_failed",
            declared.Contains("400") ? "invalid_request" : null,
            policy is null ? null : "unauthenticated",
            policy is null ? null : "token_expired",
            policy is Policies.Interactive or Policies.EvenWithFactorDue ? "interactive_required" : null,
            policy == Policies.EvenWithFactorDue ? "insufficient_scope" : null,
            declared.Contains("403") ? "forbidden" : null,
            Permissions.All.Contains(policy ?? "") || policy is Policies.SignedIn or Policies.Interactive or Policies.EvenWithFactorDue
                ? "password_change_required"
                : null,
            Permissions.All.Contains(policy ?? "") || policy is Policies.SignedIn or Policies.Interactive ? "mfa_enrolment_required" : null,
            declared.Contains("404") ? "not_found" : null,
            declared.Contains("413") ? "too_large" : null,
            declared.Contains("415") ? "unsupported_media_type" : null,
            declared.Contains("429") ? "rate_limited" : null,
            declared.Contains("503") ? "busy" : null,
        ];
        return usual.OfType<string>().Concat(example.Codes);
    }

    private static async Task AnswerAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        IEnumerable<string> codes,
        CancellationToken ct
    )
    {
        await context.GetOrCreateSchemaAsync(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), null, ct);
        var responses = new OpenApiResponses();
        foreach (var (status, response) in operation.Responses!.Where(response => response.Key[0] == '2'))
        {
            responses[status] = response;
        }

        foreach (var status in codes.Select(ApiRefusal.Of).GroupBy(refusal => refusal.Status).OrderBy(status => status.Key))
        {
            responses[status.Key.ToString()] = new OpenApiResponse
            {
                Description = string.Join(" or ", status.Select(refusal => $"`{refusal.Code}`")),
                Headers = status.Key is 429 or 503
                    ? new Dictionary<string, IOpenApiHeader>
                    {
                        ["Retry-After"] = new OpenApiHeader
                        {
                            Description = "Seconds to wait.",
                            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                        },
                    }
                    : null,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Problem] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchemaReference(nameof(Microsoft.AspNetCore.Mvc.ProblemDetails), context.Document),
                        Examples = status.ToDictionary(
                            refusal => refusal.Code,
                            IOpenApiExample (refusal) => new OpenApiExample { Summary = refusal.Detail, Value = refusal.ToJson() }
                        ),
                    },
                },
            };
        }

        operation.Responses = responses;
    }

    private static void Show(IDictionary<string, OpenApiMediaType>? content, object? example, JsonSerializerOptions json)
    {
        if (example is not null && content?.Values.FirstOrDefault() is OpenApiMediaType media)
        {
            media.Example = example as JsonNode ?? JsonSerializer.SerializeToNode(example, json);
        }
    }
}
