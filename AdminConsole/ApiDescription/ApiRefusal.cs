using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace AdminConsole.ApiDescription;

/// <summary>A code that the API refuses with, as the document shows it.</summary>
internal sealed record ApiRefusal(int Status, string Code, string Detail)
{
    private static readonly Dictionary<string, ApiRefusal> All = new ApiRefusal[]
    {
        new(400, "validation_failed", "A password has 12 to 128 characters."),
        new(400, "invalid_request", "The request could not be understood."),
        new(400, "unknown_role", "There is no role 'Auditor'."),
        new(400, "unknown_permission", "There is no permission 'users.fly'."),
        new(400, "import_failed", "1 of 161 rows cannot be imported, so nothing was."),
        new(400, "invalid_csv", "Row 17 is not CSV: a quotation mark is not closed, or not doubled inside a cell."),
        new(400, "unknown_column", "There is a column 'shoe size'; the columns are email, userName, displayName, roles, active, createdAt, lastSignInAt, with commas, semicolons or tabs between."),
        new(400, "password_column", "There is a column 'password': passwords are never imported. Remove it, and send people a link to set one."),
        new(400, "invalid_token", "This link is not valid any more. Ask for a new one."),
        new(400, "invalid_enrolment", "This enrolment is not valid any more. Begin again."),
        new(400, "unknown_scope", "There is no scope 'users.fly'."),
        new(400, "token_required", "Only a token can rotate itself; send it as a bearer token."),
        new(401, "unauthenticated", "Sign in first."),
        new(401, "token_expired", "This access token has expired."),
        new(401, "invalid_credentials", "Name or password is wrong, or the account cannot sign in."),
        new(401, "mfa_required", "Give the code of your authenticator app, or a recovery code."),
        new(403, "forbidden", "This needs a permission that you do not hold, or came from another site."),
        new(403, "password_change_required", "Change your password first; until then nothing else is possible."),
        new(403, "mfa_enrolment_required", "Your role asks for a second factor: set one up first; until then nothing else is possible."),
        new(403, "fresh_sign_in_required", "Confirm that it is you: this needs a recent sign-in."),
        new(403, "interactive_required", "Only a person who signed in can do this, not an access token."),
        new(403, "insufficient_scope", "This device was approved for some scopes only, so it cannot manage credentials. Sign in with full access."),
        new(403, "above_you", "This involves a right that you do not hold yourself."),
        new(403, "setup_code_required", "Give the setup code that the program printed when it started."),
        new(404, "not_found", "No such user."),
        new(404, "artifact_missing", "This server carries no such build. It has: os=any&arch=any, os=linux&arch=x64."),
        new(409, "mfa_already_enabled", "An authenticator app is set up already. Remove it first."),
        new(409, "duplicate_name", "You already have a view with this name."),
        new(409, "too_many_views", "You can save up to 50 views. Delete one first."),
        new(409, "mail_failed", "The test could not be sent: Connection refused."),
        new(409, "setup_done", "The first administrator exists already. Sign in instead."),
        new(409, "duplicate_email", "ana.silva@example.com belongs to another user."),
        new(409, "duplicate_user_name", "The user name ana.silva belongs to another user."),
        new(409, "duplicate_role", "There is a role 'Helpdesk' already."),
        new(409, "built_in", "The built-in roles cannot be changed or deleted."),
        new(409, "role_in_use", "12 users hold the role 'Helpdesk'. Say which role they get instead."),
        new(409, "already_rotated", "This token has been rotated already. Rotate its successor."),
        new(409, "token_ended", "This token has ended and stays as it is. Create a new one."),
        new(409, "too_many_tokens", "You have 200 tokens that are not revoked; revoke some first."),
        new(409, "last_admin", "This would leave nobody to administrate: there must always be an active administrator who can sign in."),
        new(409, "self_forbidden", "You cannot deactivate your own account."),
        new(413, "too_large", "The request is larger than is accepted here."),
        new(415, "unsupported_media_type", "The body must be of a type that is taken here: application/json, or for files text/csv or a form."),
        new(429, "rate_limited", "Too many attempts from this address. Wait a moment and try again."),
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
