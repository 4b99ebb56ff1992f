using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AdminConsole.Endpoints.OpenApi;

/// <summary>Adds what the types alone do not express: allowed values, limits, and the members of problem
/// details.</summary>
internal static class ApiSchemas
{
    private static readonly string[] NewPasswords =
    [
        $"{nameof(SetupRequest)}.password",
        $"{nameof(CreateUserRequest)}.password",
        $"{nameof(SetPasswordRequest)}.password",
        $"{nameof(ChangePasswordRequest)}.newPassword",
        $"{nameof(ResetPasswordRequest)}.newPassword",
    ];

    private static readonly Dictionary<string, string[]> Values = new()
    {
        [$"{nameof(BulkRequest)}.action"] = [.. Core.Users.UserBulk.Actions.Select(action => action.Name)],
        [$"{nameof(AuditActor)}.type"] = ["user", "system", "anonymous"],
        [$"{nameof(AuditActor)}.via"] =
        [
            AuthenticationMethod.Session,
            AuthenticationMethod.Token,
            AuthenticationMethod.Jwt,
            AuthenticationMethod.System,
            AuthenticationMethod.Anonymous,
        ],
        [$"{nameof(TokenSummary)}.state"] = [.. Core.Tokens.TokenStates.All],
        [$"{nameof(CreatedToken)}.state"] = [.. Core.Tokens.TokenStates.All],
        [$"{nameof(OwnedToken)}.state"] = [.. Core.Tokens.TokenStates.All],
        [$"{nameof(DeviceSummary)}.state"] = [.. AdminConsole.Core.OAuth.DeviceStates.All],
        [$"{nameof(Me)}.authMethod"] = [AuthenticationMethod.Session, AuthenticationMethod.Token, AuthenticationMethod.Jwt],
    };

    public static Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is { } property)
        {
            Complete(
                schema,
                $"{property.DeclaringType.Name}.{property.Name}",
                property.Name,
                property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), true) == true
            );
        }
        else if (type == typeof(ProblemDetails))
        {
            Complete(schema);
        }
        else if (type == typeof(JsonElement))
        {
            schema.Description = "Any JSON. In an event, an object whose `changes` lists `{field, old, new}`.";
        }
        else if (!type.Name.EndsWith("Request", StringComparison.Ordinal))
        {
            // Requests refuse unknown members. Responses may gain members.
            schema.AdditionalPropertiesAllowed = true;
        }

        return Task.CompletedTask;
    }

    private static void Complete(OpenApiSchema schema, string path, string name, bool required)
    {
        if (Values.TryGetValue(path, out var values))
        {
            schema.Enum = [.. values.Select(value => (JsonNode)value)];
        }

        if (name is "password" or "newPassword" or "currentPassword")
        {
            schema.Format = "password";
        }

        if (NewPasswords.Contains(path))
        {
            schema.Description =
                "Refused as `validation_failed`, with the reason, if it is short, common, easy to guess or in a known data breach.";
        }

        // A StringLength without a minimum yields 0, but required values must not be empty either.
        schema.MinLength =
            NewPasswords.Contains(path) ? PasswordPolicy.MinimumLength
            : required && schema.Type == JsonSchemaType.String ? 1
            : schema.MinLength == 0 ? null
            : schema.MinLength;
        schema.MaxLength = NewPasswords.Contains(path) ? Limits.Password : schema.MaxLength;
    }

    private static void Complete(OpenApiSchema problem)
    {
        problem.Description = "Why a request was refused (RFC 9457).";
        problem.Required = new HashSet<string> { "title", "status", "detail", "code" };
        problem.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("The URL of a page about the status. Use `code` instead."),
            ["title"] = Text("The name of the HTTP status."),
            ["status"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Description = "The HTTP status.",
            },
            ["detail"] = Text("One sentence for users."),
            ["code"] = Text("The code for programs. Codes don't change, but new ones may be added."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Messages by field, if `code` is `validation_failed`.",
                AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            },
            ["traceId"] = Text("Identifies the request in the logs."),
        };
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
