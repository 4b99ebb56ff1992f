using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Endpoints.OpenApi;

internal static partial class ApiExamples
{
    // Examples of operations on tokens and sessions.
    private static Dictionary<string, ApiExample> Tokens() =>
        new()
        {
            ["tokensList"] = new(Answer: new Page<TokenSummary>([Deploy], 1, null)),
            ["tokensCreate"] = new(
                "Scopes are limited to permissions you have. If `expiresInDays` is omitted, it is 90 (or the default in "
                    + "the settings). If it is null, the token never expires, if the settings allow that. Store `token`: it is "
                    + "only in this response.",
                new
                {
                    name = "Deploy job",
                    scopes = new[] { Permissions.UsersRead, Permissions.TokensRotate },
                    expiresInDays = 90,
                },
                NewDeploy,
                "unknown_scope",
                "above_you",
                "insufficient_scope",
                "too_many_tokens",
                "fresh_sign_in_required"
            ),
            ["tokensFind"] = new(Answer: Deploy, Codes: "insufficient_scope"),
            ["tokensUpdate"] = new(
                "A member that is omitted or null stays unchanged. A token that is switched off is refused immediately.",
                new { active = false },
                Deploy with
                {
                    State = "inactive",
                },
                "token_ended",
                "insufficient_scope",
                "fresh_sign_in_required"
            ),
            ["tokensRevoke"] = new("Revoking a revoked token is not an error.", null, null, "insufficient_scope", "fresh_sign_in_required"),
            ["tokensRotate"] = new(
                "Name and scopes are kept. The old token stays valid for `overlapMinutes`, or with `endOnFirstUse` until "
                    + "the new one is first used. If both are omitted, it ends immediately.",
                new RotateTokenRequest { OverlapMinutes = 60, EndOnFirstUse = true },
                NewDeploy with
                {
                    RotatedFrom = Other,
                },
                "already_rotated",
                "token_ended",
                "insufficient_scope",
                "fresh_sign_in_required"
            ),
            ["tokensRotateCurrent"] = new(
                "Like rotating one of your tokens, for a program that replaces its own token. A token that was already "
                    + "rotated and is presented here has leaked: every token of its lineage is revoked.",
                new RotateTokenRequest { EndOnFirstUse = true },
                NewDeploy with
                {
                    RotatedFrom = Other,
                },
                "already_rotated",
                "token_ended",
                "token_required"
            ),
            ["adminTokensList"] = new(Answer: new Page<OwnedToken>([new OwnedToken(Deploy, new UserRef(Id, Email, "ana.silva"))], 1, null)),
            ["adminTokensRevoke"] = new("Revoking a revoked token is not an error.", Codes: "above_you"),
            ["oAuthIntrospect"] = new(
                "For callers with `tokens.introspect`, and for a token that asks about itself. For a token that is "
                    + "invalid, or that the caller may not introspect, the response is only `{\"active\": false}`. Introspection "
                    + "counts as a use of the token.",
                null,
                DeployIntrospected
            ),
            ["sessionsList"] = new(
                "Requires full access.",
                Answer: new Page<SessionSummary>([Browser], 1, null),
                Codes: "insufficient_scope"
            ),
            ["sessionsEnd"] = new("Can also end the current session.", Codes: "insufficient_scope"),
            ["sessionsEndOthers"] = new("Also ends devices, open links and codes.", Codes: "insufficient_scope"),
            ["adminSessionsList"] = new(
                Answer: new Page<OwnedSession>([new OwnedSession(Browser, new UserRef(Id, Email, "ana.silva"))], 1, null)
            ),
            ["adminSessionsEnd"] = new("The same as `DELETE /api/users/{id}/sessions/{sid}`.", Codes: "above_you"),
        };
}
