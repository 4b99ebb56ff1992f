using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using AdminConsole.Authentication;
using AdminConsole.Authorization;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.OAuth;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Http;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Me))]
[JsonSerializable(typeof(Introspection))]
internal sealed partial class TokenJson : JsonSerializerContext;

/// <summary>Responses that are built from the verified token alone.</summary>
internal static class TokenOnlyResponses
{
    // The response is the same for as long as the token is cached, so it is serialized once.
    private static readonly ConditionalWeakTable<VerifiedToken, byte[]> Written = [];

    /// <summary>The owner of the token and its permissions.</summary>
    public static readonly TokenOnlyEndpoint Me = new(
        (context, token) =>
            WriteAsync(
                context,
                Written.GetValue(token, static verified => JsonSerializer.SerializeToUtf8Bytes(verified.Actor.Me!, TokenJson.Default.Me))
            )
    );

    /// <summary>The introspection of another token, for a service that sends its own token.</summary>
    public static TokenOnlyEndpoint Introspection(TokenIntrospection introspection) =>
        new(
            async (context, _) =>
            {
                var answer = await OAuth.AnswerAsync(
                    context.Request,
                    "token",
                    token => introspection.IntrospectAsync(CurrentActor.Of(context), token, context.RequestAborted)
                );
                await (
                    answer.Result is Ok<Introspection> { Value: { } result }
                        ? WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(result, TokenJson.Default.Introspection))
                        : answer.ExecuteAsync(context)
                );
            },
            TakesBody: true
        );

    private static Task WriteAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json).AsTask();
    }
}
