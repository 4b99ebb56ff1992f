using AdminConsole.Core.Contracts;

namespace AdminConsole.Endpoints.OpenApi;

internal static partial class ApiExamples
{
    // Examples of operations on users.
    private static Dictionary<string, ApiExample> Users() =>
        new()
        {
            ["usersList"] = new(Answer: new Page<UserDetails>([Ana], 10_000, "WyJBTkEuU0lMVkFARVhBTVBMRS5DT00iLCIwMTlhYTRjNSJd")),
            ["usersFind"] = new(Answer: Ana),
            ["usersCreate"] = new(
                "With `invite`, the user is sent an email to choose a password within 7 days. Without `invite` and without "
                    + "a password, the user can't sign in yet. Without `email`, the user signs in with `userName`, which is then "
                    + "required, and gets no email, so `invite` is refused. Roles other than `[\"User\"]` also require "
                    + "`roles.assign` and a recent sign-in.",
                new CreateUserRequest
                {
                    Email = Email,
                    UserName = "ana.silva",
                    DisplayName = "Ana Silva",
                    Roles = ["Operator", "User"],
                },
                Ana with
                {
                    HasPassword = false,
                    LastSignInAt = null,
                    Status = UserStatuses.NoPassword,
                },
                "unknown_role",
                "duplicate_email",
                "duplicate_user_name",
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersUpdate"] = new(
                "A member that is omitted or null stays unchanged. `roles` replaces all roles, and also requires "
                    + "`roles.assign` and a recent sign-in. Changing `email` or `userName` also requires `users.credentials` and "
                    + "a recent sign-in, and a token can't do it to its own owner. A changed email ends all open links, codes "
                    + "and unfinished sign-ins of the user. An account without an email can be given one, but an email can't be "
                    + "removed.",
                new { displayName = "Ana Silva", active = true },
                Ana,
                "unknown_role",
                "duplicate_email",
                "duplicate_user_name",
                "last_admin",
                "self_forbidden",
                "above_you",
                "fresh_sign_in_required",
                "interactive_required",
                "insufficient_scope"
            ),
            ["usersExport"] = new(
                "Columns: email, userName, displayName, roles (separated by ;), active, createdAt, lastSignInAt. A cell "
                    + "that a spreadsheet would read as a formula is prefixed with an apostrophe. UTF-8; for Excel, add "
                    + "`bom=true`."
            ),
            ["usersImport"] = new(
                "Users are matched by `email`, and accounts without one by `userName`: their `email` is empty. The other "
                    + "columns of the export are optional, and an empty cell leaves the value unchanged. UTF-8, or UTF-16 with a "
                    + "byte-order mark; commas, semicolons or tabs between cells; blank rows are skipped. At most 20 MB, no "
                    + "passwords. Changing the userName of an existing user also requires `users.credentials` and a recent "
                    + "sign-in. With `dryRun`, nothing is written and `errors` lists the problems. Otherwise, any error refuses "
                    + "the whole file as `import_failed`, with the errors as `rows`.",
                null,
                new ImportResult(
                    DryRun: true,
                    118,
                    3,
                    40,
                    [new ImportError(17, null, "unknown_role", "The role 'Oprator' doesn't exist.")]
                ),
                "import_failed",
                "invalid_csv",
                "unknown_column",
                "password_column",
                "fresh_sign_in_required"
            ),
            ["usersDelete"] = new(
                "The audit log keeps the user's name.",
                null,
                null,
                "last_admin",
                "self_forbidden",
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersActivate"] = new("Activating an active user is not an error.", null, Ana, "above_you"),
            ["usersDeactivate"] = new(
                "Takes effect immediately, also in open pages. With `until`, the user is reactivated automatically. "
                    + "Deactivating a deactivated user is not an error, and replaces the end and the reason.",
                new DeactivateRequest { Reason = "Parental leave", Until = Then.AddDays(90) },
                AnaOnLeave with
                {
                    DeactivatedUntil = Then.AddDays(90),
                },
                "last_admin",
                "self_forbidden",
                "above_you"
            ),
            ["usersUnlock"] = new(null, null, Ana, "above_you"),
            ["usersAddRole"] = new(
                "Assigning a role that the user already has is not an error. You can't assign a role with permissions you don't have.",
                null,
                Ana,
                "unknown_role",
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersRemoveRole"] = new(
                "Removing a role that the user doesn't have is not an error.",
                null,
                Ana with
                {
                    Roles = ["User"],
                },
                "unknown_role",
                "last_admin",
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersCreateInvitationLink"] = new(
                "The link works once, for 7 days. Older links stop working. It isn't emailed: send it to the user over a "
                    + "secure channel. It is only in this response.",
                null,
                new InvitationLink(
                    "0pQv…43 characters…Zk",
                    $"https://console.example.com/invitation?email={Uri.EscapeDataString(Email)}&token=0pQv…Zk"
                ),
                "has_password",
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersResetPassword"] = new(
                "The link works once, for an hour. Older links stop working. It is emailed to the user. `emailSent` is "
                    + "false if this installation has no mail server or the account has no email; then send the link to the user "
                    + "over a secure channel. It is only in this response.",
                null,
                new PasswordResetLink(
                    "0pQv…43 characters…Zk",
                    $"https://console.example.com/reset-password?email={Uri.EscapeDataString(Email)}&token=0pQv…Zk",
                    EmailSent: true
                ),
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersCancelResetPassword"] = new(
                "For a link that was leaked, or that was never received. Having no open link is not an error.",
                null,
                null,
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersSetPassword"] = new(
                "Ends all sessions of the user.",
                new SetPasswordRequest { Password = NewPassword },
                null,
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersRequirePasswordChange"] = new(
                "Takes effect immediately, also in open sessions. From then on, only `/api/auth/me`, `/api/auth/password` "
                    + "and signing out work.",
                null,
                null,
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersLockDown"] = new(
                "For a compromised account. Deactivates it permanently, ends all sessions and devices, revokes tokens and "
                    + "reset links, unlinks identity providers, and removes known browsers. One event records the counts. Also "
                    + "works for users who are already deactivated.",
                new LockdownRequest { Reason = "Laptop stolen" },
                AnaOnLeave with
                {
                    Status = UserStatuses.LockedDown,
                    DeactivatedReason = "Laptop stolen",
                },
                "last_admin",
                "self_forbidden",
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersResetMfa"] = new(
                "Removes the authenticator app, recovery codes, passkeys and linked identity providers. The password stays.",
                null,
                null,
                "last_admin",
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersSetBreakGlass"] = new(
                "The user can sign in with a password or passkey even if a role requires an identity provider. While a role "
                    + "requires one, an active administrator must stay exempt, as the way in when no identity provider answers.",
                null,
                Ana with
                {
                    BreakGlass = true,
                },
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersEndBreakGlass"] = new(
                "Ending an exemption that the user doesn't have is not an error.",
                null,
                Ana,
                "last_admin",
                "above_you",
                "fresh_sign_in_required"
            ),
            ["usersBulk"] = new(
                $"`action` is one of {string.Join(", ", Core.Users.UserBulk.Actions.Select(action => $"`{action.Name}`"))}, and "
                    + "requires what the same operation on one user requires, including a recent sign-in. "
                    + "`role` belongs to the role actions, `reason` to `deactivate` and `lockdown`. With `dryRun`, it only reports "
                    + "which users would be refused and why. "
                    + "Your own account is refused (`self_forbidden`) for every action that takes something away. The audit events "
                    + "share a batch id.",
                new BulkRequest
                {
                    Ids = [Id, Other],
                    Action = "deactivate",
                    Reason = "Contract ended",
                },
                new BulkResult([Id], [new BulkRefusal(Other, "last_admin")]),
                "unknown_role",
                "fresh_sign_in_required"
            ),
            ["usersSessions"] = new(Answer: new Page<SessionSummary>([Browser with { Current = false }], 1, null)),
            ["usersEndSession"] = new(Codes: "above_you"),
            ["usersEndSessions"] = new(Codes: "above_you"),
            ["usersErase"] = new(
                "Removes names, addresses, user agents and details permanently; ids stay. Also requires `settings.write`. "
                    + "A `user.updated` event records the number of redacted events (`erasedEvents`).",
                null,
                new AuditErased(214),
                "self_forbidden",
                "above_you",
                "fresh_sign_in_required"
            ),
        };
}
