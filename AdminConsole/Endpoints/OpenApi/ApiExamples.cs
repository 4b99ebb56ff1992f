using System.Globalization;
using System.Text.Json;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Endpoints.OpenApi;

/// <summary>The documentation of an operation beyond its summary: a description, examples, and further refusal
/// codes.</summary>
internal sealed record ApiExample(string? Description = null, object? Request = null, object? Answer = null, params string[] Codes);

/// <summary>Examples for the document. They are instances of the contracts, so they cannot contradict them.</summary>
internal static class ApiExamples
{
    private const string Email = "ana.silva@example.com";
    private const string NewPassword = "a long sentence with 1 digit";

    private static readonly Guid Id = new("019aa4c5-7a00-7c3e-9d1b-2f6f0f4f1a11");
    private static readonly Guid Other = new("019aa4c5-7b40-7f0a-8a55-6d0c5ce1b1d2");
    private static readonly DateTimeOffset Then = DateTimeOffset.Parse("2026-11-20T09:30:00Z", CultureInfo.InvariantCulture);

    private static readonly UserDetails Ana = new()
    {
        Id = Id,
        Email = Email,
        UserName = "ana.silva",
        DisplayName = "Ana Silva",
        Roles = ["Operator", "User"],
        Active = true,
        MustChangePassword = false,
        HasPassword = true,
        MfaEnabled = false,
        CreatedAt = Then.AddDays(-300),
        UpdatedAt = Then.AddDays(-2),
        LastSignInAt = Then,
    };

    private static readonly UserDetails AnaOnLeave = Ana with
    {
        Active = false,
        Status = UserStatuses.Deactivated,
        DeactivatedAt = Then,
        DeactivatedBy = new PersonRef(Other, "root@example.com"),
        DeactivatedReason = "Parental leave",
    };

    private static readonly Me AnaHerself = new(
        Id,
        Email,
        "ana.silva",
        "Ana Silva",
        ["Operator", "User"],
        [
            Permissions.AuditExport,
            Permissions.AuditRead,
            Permissions.ProfileRead,
            Permissions.SessionsRead,
            Permissions.TokensRead,
            Permissions.TokensRotate,
            Permissions.UsersRead,
        ],
        AuthenticationMethod.Session,
        MustChangePassword: false,
        MfaEnabled: false
    );

    private static readonly SessionSummary Browser = new(
        Other,
        Current: true,
        "password",
        Then,
        Then.AddMinutes(12),
        Then.AddHours(8),
        Remember: false,
        "203.0.113.7",
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
    );

    private static readonly SavedAuditView FailedSignIns = new(Other, "Failed sign-ins", new AuditQuery { Action = "auth.sign_in_failed" });

    private static readonly TokenSummary Deploy = new()
    {
        Id = Id,
        Name = "Deploy job",
        Prefix = "acpat_3kTq9ZpL",
        Scopes = [Permissions.TokensRotate, Permissions.UsersRead],
        State = "active",
        CreatedAt = Then.AddDays(-12),
        ExpiresAt = Then.AddDays(78),
        LastUsedAt = Then,
        LastUsedIp = "203.0.113.7",
        RotatedFrom = null,
        OverlapEndsAt = null,
        EndsOnFirstUse = false,
        ReuseDetectedAt = null,
        RevokedAt = null,
    };

    private static readonly CreatedToken NewDeploy = new(
        Deploy with
        {
            LastUsedAt = null,
            LastUsedIp = null,
            CreatedAt = Then,
            ExpiresAt = Then.AddDays(90),
        },
        "acpat_3kTq9ZpL…41 more characters…"
    );

    private static readonly Introspection DeployIntrospected = new()
    {
        Active = true,
        Scope = $"{Permissions.TokensRotate} {Permissions.UsersRead}",
        ClientId = "personal-access-token",
        Username = Email,
        TokenType = "Bearer",
        Exp = Then.AddDays(78).ToUnixTimeSeconds(),
        Iat = Then.AddDays(-12).ToUnixTimeSeconds(),
        Sub = Other.ToString(),
        Jti = Id.ToString(),
    };

    private static readonly RoleSummary Helpdesk = new(
        "Helpdesk",
        "Restores access to accounts",
        false,
        [Permissions.UsersCredentials, Permissions.UsersRead],
        12
    );

    private static readonly RoleRequest HelpdeskRequest = new()
    {
        Name = Helpdesk.Name,
        Description = Helpdesk.Description,
        Permissions = Helpdesk.Permissions,
    };

    private static readonly AuditEntry Event = new(
        20417,
        Then,
        "user.role_added",
        new AuditActor("user", Other, "root@example.com", AuthenticationMethod.Session),
        new AuditTarget("user", Id.ToString(), Email),
        "203.0.113.7",
        Browser.UserAgent,
        Browser.Id,
        "9f2b6f6d0f1c4f0e8b1d2c3a4b5c6d7e",
        null,
        JsonSerializer.SerializeToElement(new { role = "Operator" }),
        "3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b"
    );

    private static readonly Dictionary<string, ApiExample> All = new()
    {
        ["authSetupRequired"] = new(Answer: new SetupState(false)),
        ["authSetup"] = new(
            "Works only once, while no user exists. From another machine, it requires the setup code that the server "
                + "printed at startup, except in development.",
            new SetupRequest
            {
                Email = "root@example.com",
                DisplayName = "Root",
                Password = NewPassword,
            },
            AnaHerself with
            {
                Roles = ["Admin"],
            },
            "setup_code_required",
            "setup_done"
        ),
        ["authLogin"] = new(
            "An unknown username, a wrong password, and a deactivated or locked account get the same answer. Ten "
                + "failures within 15 minutes lock an account for 15 minutes. If a second factor is set up, the correct "
                + "password alone is refused as `mfa_required`: send it again with `code` or `recoveryCode`.",
            new LoginRequest
            {
                Login = Email,
                Password = NewPassword,
                Remember = true,
            },
            AnaHerself,
            "invalid_credentials",
            "mfa_required"
        ),
        ["authLogout"] = new("Ends the session and deletes the cookie. Does nothing without a session."),
        ["authForgotPassword"] = new(
            "Always answers 202, in the same time, whether or not the account exists. An account that is active and "
                + "has a password is sent an email; at most three links are open at a time. An account without an email gets "
                + "its link from an administrator.",
            new ForgotPasswordRequest { Email = Email }
        ),
        ["authResetPassword"] = new(
            "`email` is the one in the link: for an account without an email, the username. The secret works once and "
                + "expires after an hour, that of an invitation after 7 days. Ends all sessions of the user.",
            new ResetPasswordRequest
            {
                Email = Email,
                Token = "0pQv…43 characters…Zk",
                NewPassword = NewPassword,
            },
            null,
            "invalid_token"
        ),
        ["authChangeEmail"] = new(
            "Sends a link to the new address that works once and expires after an hour. Until it is used, the account "
                + "keeps its email. An earlier link stops working. Requires a recent sign-in. If another account has the "
                + "address, the answer is 202 as well, and the owner is notified; with `users.read` it is `duplicate_email`. "
                + "After three links within an hour, it is `rate_limited`.",
            new ChangeEmailRequest { Email = "ana.pfad@example.com" },
            null,
            "duplicate_email",
            "fresh_sign_in_required"
        ),
        ["authConfirmEmail"] = new(
            "`email` is the one in the link: the new address. All other open links of the account stop working, and "
                + "the old address is notified. Sessions continue.",
            new ConfirmEmailRequest { Email = "ana.pfad@example.com", Token = "0pQv…43 characters…Zk" },
            null,
            "invalid_token",
            "duplicate_email"
        ),
        ["authMe"] = new(Answer: AnaHerself),
        ["authChangePassword"] = new(
            Request: new ChangePasswordRequest { CurrentPassword = "the current password 1", NewPassword = NewPassword },
            Codes: "invalid_credentials"
        ),
        ["authReauthenticate"] = new(
            "Sensitive operations require a sign-in within the last 15 minutes. If one is refused as "
                + "`fresh_sign_in_required`, call this and try again.",
            new ReauthenticateRequest { Password = NewPassword, Code = "492039" },
            null,
            "invalid_credentials",
            "mfa_required"
        ),
        ["authBegin"] = new(
            "Nothing is stored until a code confirms the setup.",
            null,
            new TotpOffer(
                "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                "otpauth://totp/AdminConsole:ana.silva%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
                    + "&issuer=AdminConsole&algorithm=SHA1&digits=6&period=30",
                "CfDJ8…"
            ),
            "mfa_already_enabled",
            "fresh_sign_in_required"
        ),
        ["authConfirm"] = new(
            "The recovery codes are only in this response. Each signs in once, in place of the authenticator app.",
            new ConfirmTotpRequest { Enrolment = "CfDJ8…", Code = "492039" },
            new RecoveryCodes(["BCDF-GHJK-LMNP-QRST"]),
            "invalid_enrolment",
            "mfa_already_enabled",
            "fresh_sign_in_required"
        ),
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
            new ImportResult(DryRun: true, 118, 3, 40, [new ImportError(17, null, "unknown_role", "The role 'Oprator' doesn't exist.")]),
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
        ["rolesList"] = new(
            Answer: new Page<RoleSummary>(
                [new("User", "Own account only", true, [Permissions.ProfileRead, Permissions.TokensRotate], 9_640)],
                3,
                null
            )
        ),
        ["rolesFind"] = new(Answer: Helpdesk),
        ["rolesCreate"] = new(
            "You can't create a role with permissions you don't have.",
            HelpdeskRequest,
            Helpdesk with
            {
                Users = 0,
            },
            "duplicate_role",
            "unknown_permission",
            "above_you",
            "fresh_sign_in_required"
        ),
        ["rolesUpdate"] = new(
            "Replaces the whole role; another name renames it. Takes effect immediately for all users with the role.",
            HelpdeskRequest,
            Helpdesk,
            "built_in",
            "duplicate_role",
            "unknown_permission",
            "above_you",
            "fresh_sign_in_required"
        ),
        ["rolesDelete"] = new(
            "While users have the role, `moveTo` must name the role that replaces it. That also requires `roles.assign`.",
            null,
            null,
            "built_in",
            "role_in_use",
            "unknown_role",
            "above_you",
            "fresh_sign_in_required"
        ),
        ["rolesListPermissions"] = new(
            Answer: new Page<PermissionSummary>(
                [new(Permissions.UsersRead, Permissions.Descriptions[Permissions.UsersRead])],
                Permissions.All.Count,
                null
            )
        ),
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
        ["allTokensList"] = new(Answer: new Page<OwnedToken>([new OwnedToken(Deploy, new UserRef(Id, Email, "ana.silva"))], 1, null)),
        ["allTokensRevoke"] = new("Revoking a revoked token is not an error.", Codes: "above_you"),
        ["oAuthIntrospect"] = new(
            "For callers with `tokens.introspect`, and for a token that asks about itself. For a token that is "
                + "invalid, or that the caller may not introspect, the response is only `{\"active\": false}`. Introspection "
                + "counts as a use of the token.",
            null,
            DeployIntrospected
        ),
        ["settingsFind"] = new(Answer: new SystemSettings()),
        ["settingsUpdate"] = new(
            "Replaces all settings: an omitted member is reset to its default. Takes effect immediately, except for "
                + "`secondFactorRoles`: an added role requires a second factor after `secondFactorGraceDays`.",
            new SystemSettings(),
            new SystemSettings(),
            "fresh_sign_in_required",
            "unknown_role"
        ),
        ["settingsImpact"] = new(
            "Repeat the parameter for each role: `?role=Admin&role=Operator`. Check this before you require a second "
                + "factor: after the grace period, users without one can only set one up.",
            null,
            new SecondFactorImpact(12, 4, IncludesYou: true, 7),
            "unknown_role"
        ),
        ["sessionsList"] = new("Requires full access.", Answer: new Page<SessionSummary>([Browser], 1, null), Codes: "insufficient_scope"),
        ["sessionsEnd"] = new("Can also end the current session.", Codes: "insufficient_scope"),
        ["sessionsEndOthers"] = new("Also ends devices, open links and codes.", Codes: "insufficient_scope"),
        ["auditList"] = new(
            "`total` is null, because counting would cost too much. Texts, and several filters together, are searched "
                + "5,000 events at a time. A page may then have fewer events than `limit`, or none, with `lookedBackTo` and "
                + "a `next` that continues the search. Reading the log is recorded, once per filter, session and hour.",
            null,
            new Page<AuditEntry>([Event], null, "20417")
        ),
        ["cliDownload"] = new(
            "The response has the SHA-256 of the file in `X-Checksum-Sha256` and `Repr-Digest` (RFC 9530).",
            Codes: "artifact_missing"
        ),
        ["allSessionsList"] = new(
            Answer: new Page<OwnedSession>([new OwnedSession(Browser, new UserRef(Id, Email, "ana.silva"))], 1, null)
        ),
        ["allSessionsEnd"] = new("The same as `DELETE /api/users/{id}/sessions/{sid}`.", Codes: "above_you"),
        ["auditViewsCreate"] = new(
            "At most 50 views. The filters are those of `GET /api/audit`.",
            new { name = "Failed sign-ins", query = new { action = "auth.sign_in_failed" } },
            FailedSignIns,
            "duplicate_name",
            "too_many_views"
        ),
        ["auditViewsList"] = new(Answer: new Page<SavedAuditView>([FailedSignIns], 1, null)),
        ["auditViewsRename"] = new(null, new { name = "Failed sign-ins" }, FailedSignIns, "duplicate_name"),
        ["auditFind"] = new(Answer: Event),
        ["auditExport"] = new(
            "Exports all matching events, without a limit. A CSV cell that a spreadsheet would read as a formula is "
                + "prefixed with an apostrophe. The export is recorded with its filter and count."
        ),
        ["auditFollow"] = new(
            "Sends the newest event first, or with `Last-Event-ID` those after that event, and then each new event. "
                + "`data` is an event as in the list. An event named `gap` has, in `from` and `to`, the range of events that "
                + "retention deleted before they were sent. Comments are keep-alives. The stream ends when the permission is "
                + "lost."
        ),
        ["auditVerify"] = new("Reads the whole log, which can take a while.", null, new AuditVerification(true, 20_417)),
    };

    /// <summary>Returns the example of an operation; empty when it has no entry.</summary>
    public static ApiExample Of(string operationId) =>
        All.GetValueOrDefault(operationId)
        ?? DeviceExamples.All.GetValueOrDefault(operationId)
        ?? SystemExamples.All.GetValueOrDefault(operationId)
        ?? new ApiExample();
}
