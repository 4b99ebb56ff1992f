using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace AdminConsole.Endpoints.OpenApi;

/// <summary>A refusal code of the API, as the document shows it.</summary>
internal sealed record ApiRefusal(int Status, string Code, string Detail)
{
    private static readonly Dictionary<string, ApiRefusal> All = new ApiRefusal[]
    {
        new(400, "validation_failed", "Use 12 to 128 characters."),
        new(400, "invalid_request", "The request couldn't be read."),
        new(400, "unknown_role", "The role 'Auditor' doesn't exist."),
        new(400, "unknown_permission", "The permission 'users.fly' doesn't exist."),
        new(400, "import_failed", "Nothing was imported. Rows with errors: 1 of 161."),
        new(400, "invalid_csv", "Row 17 is not CSV: a quotation mark is not closed, or not doubled inside a cell."),
        new(
            400,
            "unknown_column",
            "Unknown column 'shoe size'. Use email, userName, displayName, roles, active, createdAt, lastSignInAt, separated by commas, "
                + "semicolons or tabs."
        ),
        new(400, "password_column", "Column 'password': passwords are never imported. Remove it, and send users a link to set one."),
        new(400, "invalid_token", "This link is no longer valid. Request a new one."),
        new(400, "invalid_enrolment", "This setup has expired. Start over."),
        new(400, "unknown_scope", "The scope 'users.fly' doesn't exist."),
        new(400, "token_required", "Only a token can rotate itself. Send it as a bearer token."),
        new(401, "unauthenticated", "Sign in first."),
        new(401, "token_expired", "This access token has expired."),
        new(401, "invalid_credentials", "Incorrect username or password, or the account can't sign in."),
        new(401, "mfa_required", "Enter your authentication code or a recovery code."),
        new(401, "provider_required", "Your role requires you to sign in with your identity provider."),
        new(403, "forbidden", "You don't have the required permission, or the request came from another site."),
        new(403, "password_change_required", "You must set a new password before continuing."),
        new(403, "mfa_enrolment_required", "Your role requires 2FA. Set it up to continue."),
        new(403, "fresh_sign_in_required", "Confirm it's you. This needs a recent sign-in."),
        new(403, "interactive_required", "A personal access token can't do this. Sign in as yourself."),
        new(403, "insufficient_scope", "This device has limited scopes, so it can't manage credentials. Sign in with full access."),
        new(403, "above_you", "You can't manage this user: they have permissions you don't have."),
        new(403, "setup_code_required", "Enter the setup code that the server printed when it started."),
        new(404, "not_found", "No such user."),
        new(404, "artifact_missing", "This server has no such build. It has: os=any&arch=any, os=linux&arch=x64."),
        new(409, "mfa_already_enabled", "An authenticator app is already set up. Remove it first."),
        new(409, "duplicate_name", "You already have a view with this name."),
        new(409, "too_many_views", "50 saved views is the limit. Delete one first."),
        new(409, "mail_failed", "The test email couldn't be sent: Connection refused."),
        new(409, "setup_done", "The first administrator already exists. Sign in instead."),
        new(409, "duplicate_email", "This email is already in use."),
        new(409, "duplicate_user_name", "This username is already in use."),
        new(409, "duplicate_role", "The role 'Helpdesk' already exists."),
        new(409, "has_password", "This user already has a password. Create a reset link instead."),
        new(409, "built_in", "Built-in roles can't be changed or deleted."),
        new(409, "role_in_use", "12 users have the role 'Helpdesk'. Choose the role they get instead."),
        new(409, "already_rotated", "This token was already rotated. Rotate its successor."),
        new(409, "token_ended", "This token has ended and can't be changed. Create a new one."),
        new(409, "too_many_tokens", "You have 200 active tokens, which is the limit. Revoke some first."),
        new(409, "too_many_providers", "You can have at most 5 identity providers."),
        new(409, "duplicate_provider", "Another identity provider has this name or id."),
        new(409, "duplicate_issuer", "Another identity provider has this issuer."),
        new(409, "issuer_in_use", "Accounts are linked to this issuer. Add the new issuer as another identity provider."),
        new(409, "provider_in_use", "Roles require an identity provider, and this is the only one."),
        new(409, "no_provider", "Add an identity provider first."),
        new(409, "break_glass_required", "Mark at least one active administrator as a break-glass account first."),
        new(409, "last_admin", "At least one active administrator must be able to sign in. Add another administrator first."),
        new(409, "self_forbidden", "You can't deactivate your own account."),
        new(413, "too_large", "The request is larger than this server accepts."),
        new(
            415,
            "unsupported_media_type",
            "The body must be of a type that is taken here: application/json, or for files text/csv or a form."
        ),
        new(429, "rate_limited", "Too many attempts from this IP address. Wait a moment and try again."),
        new(503, "busy", "Too many sign-ins at once. Try again in a moment."),
    }.ToDictionary(refusal => refusal.Code);

    public static ApiRefusal Of(string code) => All[code];

    public JsonObject ToJson()
    {
        var problem = new JsonObject
        {
            ["title"] = ReasonPhrases.GetReasonPhrase(Status),
            ["status"] = Status,
            ["detail"] = Detail,
            ["code"] = Code,
        };
        if (Code == "validation_failed")
        {
            problem["errors"] = new JsonObject { ["password"] = new JsonArray(Detail) };
        }

        return problem;
    }
}
