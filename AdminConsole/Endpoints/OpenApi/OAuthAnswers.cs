using System.Text.Json.Nodes;
using AdminConsole.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AdminConsole.Endpoints.OpenApi;

/// <summary>Describes the error responses of OAuth endpoints.</summary>
internal static class OAuthAnswers
{
    private static readonly (string Status, string Error, string Description)[] All =
    [
        ("400", "invalid_request", "The form must have the field token."),
        ("401", "invalid_client", "Sign in first."),
        ("403", "access_denied", "You must set a new password before continuing."),
        ("429", "temporarily_unavailable", "Too many attempts from this IP address. Wait a moment and try again."),
    ];

    public static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(OAuthError), null, ct);
        foreach (var (status, error, description) in All.Where(refusal => operation.Responses!.ContainsKey(refusal.Status)))
        {
            operation.Responses![status] = new OpenApiResponse
            {
                Description = $"`{error}`",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType
                    {
                        Schema = schema,
                        Example = new JsonObject { ["error"] = error, ["error_description"] = description },
                    },
                },
            };
        }
    }
}
