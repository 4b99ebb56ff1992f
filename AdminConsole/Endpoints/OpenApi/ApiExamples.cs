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
        "Helps people back in",
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
            "Works once, while there is no user at all. From another machine it needs the code that the program printed at "
                + "start, except in development.",
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
            "Unknown name, wrong password, deactivated and locked account answer alike. Ten failures within 15 minutes "
                + "lock an account for 15 minutes. Where a second factor is set, the right password alone answers "
                + "`mfa_required`: send it again with `code` or `recoveryCode`.",
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
        ["authLogout"] = new("Ends the session and forgets the cookie. Without a session it does nothing."),
        ["authForgotPassword"] = new(
            "Always 202, in the same time, whether or not there is such an account. An account without an email gets its "
                + "link from an administrator. An account that is active and has a password gets a mail; three links at most are "
                + "open at a time.",
            new ForgotPasswordRequest { Email = Email }
        ),
        ["authResetPassword"] = new(
            "`email` is that of the link: for an account without one, the username. The secret works once, for an hour; "
                + "that of an invitation for 7 days. All sessions of the user end.",
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
            "Mails a link to the new address, which works once, for an hour; the account keeps its email until then. A "
                + "link that was asked for before ends. "
                + "Needs a recent sign-in. The answer is 202 also where another account has the address, and its owner is told; "
                + "with `users.read` it is `duplicate_email`. "
                + "After three links within the hour `rate_limited`.",
            new ChangeEmailRequest { Email = "ana.pfad@example.com" },
            null,
            "duplicate_email",
            "fresh_sign_in_required"
        ),
        ["authConfirmEmail"] = new(
            "`email` is that of the link: the new address. Every other open link of the account ends, and the old address "
                + "is told. Sessions stay.",
            new ConfirmEmailRequest { Email = "ana.pfad@example.com", Token = "0pQv…43 characters…Zk" },
            null,
            "invalid_token",
            "duplicate_email"
        ),
        ["authMe"] = new(Answer: AnaHerself),
        ["authChangePassword"] = new(
            Request: new ChangePasswordRequest { CurrentPassword = "the present password 1", NewPassword = NewPassword },
            Codes: "invalid_credentials"
        ),
        ["authReauthenticate"] = new(
            "Sensitive acts need a sign-in from the last 15 minutes; where they answer `fresh_sign_in_required`, call this and try again.",
            new ReauthenticateRequest { Password = NewPassword, Code = "492039" },
            null,
            "invalid_credentials",
            "mfa_required"
        ),
        ["authBegin"] = new(
            "Nothing is stored until a code confirms it.",
            null,
            new TotpOffer(
                "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                "otpauth://totp/AdminConsole:ana.silva%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=AdminConsole&algorithm=SHA1&digits=6&period=30",
                "CfDJ8…"
            ),
            "mfa_already_enabled",
            "fresh_sign_in_required"
        ),
        ["authConfirm"] = new(
            "The recovery codes are in this answer only; each signs in once in place of the app.",
            new ConfirmTotpRequest { Enrolment = "CfDJ8…", Code = "492039" },
            new RecoveryCodes(["BCDF-GHJK-LMNP-QRST"]),
            "invalid_enrolment",
            "mfa_already_enabled",
            "fresh_sign_in_required"
        ),
        ["usersList"] = new(Answer: new Page<UserDetails>([Ana], 10_000, "WyJBTkEuU0lMVkFARVhBTVBMRS5DT00iLCIwMTlhYTRjNSJd")),
        ["usersFind"] = new(Answer: Ana),
        ["usersCreate"] = new(
            "With `invite`, a mail lets the user choose a password within 7 days. With neither that nor a password the "
                + "user cannot sign in yet. "
                + "Without `email`, the user signs in with `userName`, which is required then, and gets no mail, so that "
                + "`invite` is refused. "
                + "Roles other than `[\"User\"]` also need `roles.assign` and a fresh sign-in.",
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
            "A member that is left out, or null, stays as it is. `roles` replaces all roles, and also needs `roles.assign` "
                + "and a recent sign-in. Another `email` or `userName` also needs `users.credentials` and a recent sign-in, "
                + "never a token on its own owner; another email ends every open link, code and unfinished sign-in of the user. "
                + "An account without an email can be given one; an email cannot be taken away.",
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
            "Columns: email, userName, displayName, roles (separated by ;), active, createdAt, lastSignInAt. A cell that a "
                + "spreadsheet would take for a formula gets an apostrophe in front. UTF-8; for Excel add `bom=true`."
        ),
        ["usersImport"] = new(
            "Users are known by `email`, and accounts without one by `userName`: their `email` is empty. The other columns "
                + "of the export may be left out, and an empty cell leaves what is there. UTF-8, or UTF-16 with a byte-order "
                + "mark; commas, semicolons or tabs between cells; blank rows are skipped. At most 20 MB, no passwords. Another "
                + "userName of an existing user also needs `users.credentials` and a recent sign-in. With `dryRun` nothing is "
                + "written, and `errors` lists the problems; otherwise any error refuses all of it as `import_failed`, with the "
                + "errors as `rows`.",
            null,
            new ImportResult(DryRun: true, 118, 3, 40, [new ImportError(17, null, "unknown_role", "There is no role 'Oprator'.")]),
            "import_failed",
            "invalid_csv",
            "unknown_column",
            "password_column",
            "fresh_sign_in_required"
        ),
        ["usersDelete"] = new(
            "The audit log keeps the name.",
            null,
            null,
            "last_admin",
            "self_forbidden",
            "above_you",
            "fresh_sign_in_required"
        ),
        ["usersActivate"] = new("Active already is no error.", null, Ana, "above_you"),
        ["usersDeactivate"] = new(
            "At once, in open pages too. With `until`, the user becomes active again by itself. Deactivated already is no "
                + "error; another end or reason takes its place.",
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
            "Holding it already is no error. You can't assign a role with permissions you don't have.",
            null,
            Ana,
            "unknown_role",
            "above_you",
            "fresh_sign_in_required"
        ),
        ["usersRemoveRole"] = new(
            "Not holding it is no error.",
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
            "The link works once, for 7 days; older links stop working. It isn't mailed: hand it over safely. It is in this answer only.",
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
            "The link works once, for an hour; older links stop working. It is mailed to the user; `emailSent` is false "
                + "where this installation has no mail server or the account no email, and then hand it over safely: it is in "
                + "this answer only.",
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
            "For a link that got into the wrong hands, or that nobody has received. Having none is no error.",
            null,
            null,
            "above_you",
            "fresh_sign_in_required"
        ),
        ["usersSetPassword"] = new(
            "All sessions of the user end.",
            new SetPasswordRequest { Password = NewPassword },
            null,
            "above_you",
            "fresh_sign_in_required"
        ),
        ["usersRequirePasswordChange"] = new(
            "From this moment, also in open sessions, only `/api/auth/me`, `/api/auth/password` and signing out work.",
            null,
            null,
            "above_you",
            "fresh_sign_in_required"
        ),
        ["usersLockDown"] = new(
            "For an incident. Deactivates for good, ends sessions, makes reset links void, unlinks identity providers and "
                + "forgets the browsers they signed in with; one event says how many. Also works for users who are already "
                + "deactivated.",
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
            "Authenticator, recovery codes, passkeys and linked identity providers are forgotten; the password stays.",
            null,
            null,
            "last_admin",
            "above_you",
            "fresh_sign_in_required"
        ),
        ["usersBulk"] = new(
            $"`action` is one of {string.Join(", ", Core.Users.UserBulk.Actions.Select(action => $"`{action.Name}`"))}, and "
                + "needs what the same act on one user needs, also a fresh sign-in. "
                + "`role` goes with the role actions, `reason` with `deactivate` and `lockdown`. With `dryRun` it only says who "
                + "would be refused and why. "
                + "You yourself are refused (`self_forbidden`) in whatever takes something away. The audit events share a batch id.",
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
            "Names, addresses, user agents and details go for good; ids stay. Also needs `settings.write`. A "
                + "`user.updated` event says how many events it were (`erasedEvents`).",
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
            "Replaces all of it; another name renames it. It takes effect at once for all users with the role.",
            HelpdeskRequest,
            Helpdesk,
            "built_in",
            "duplicate_role",
            "unknown_permission",
            "above_you",
            "fresh_sign_in_required"
        ),
        ["rolesDelete"] = new(
            "While users have the role, `moveTo` must name the role that they get instead, which also needs `roles.assign`.",
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
            "Scopes are permissions that you hold. `expiresInDays` left out is 90 (or as the settings say), null is never, "
                + "where the settings allow it. Keep `token`: it is shown this once.",
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
            "A member that is left out, or null, stays as it is. Switched off, a token is refused from that moment on.",
            new { active = false },
            Deploy with
            {
                State = "inactive",
            },
            "token_ended",
            "insufficient_scope",
            "fresh_sign_in_required"
        ),
        ["tokensRevoke"] = new("Revoked already is no error.", null, null, "insufficient_scope", "fresh_sign_in_required"),
        ["tokensRotate"] = new(
            "Name and scopes stay. The old token works on for `overlapMinutes`, or with `endOnFirstUse` until the new one "
                + "is first used; left out, it ends at once.",
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
            "As above, for a program that replaces its own token. A token that was rotated out already and is presented "
                + "here has leaked: then every token of its lineage is revoked.",
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
        ["allTokensRevoke"] = new("Revoked already is no error.", Codes: "above_you"),
        ["oAuthIntrospect"] = new(
            "For callers with `tokens.introspect`, and for a token that asks about itself. Whatever is not valid, or none "
                + "of the caller's business, is `{\"active\": false}` and no more. Being asked about counts as a use of the "
                + "token.",
            null,
            DeployIntrospected
        ),
        ["settingsFind"] = new(Answer: new SystemSettings()),
        ["settingsUpdate"] = new(
            "Replaces all of them: a member that is left out takes its default. In force at once, except for "
                + "`secondFactorRoles`: a role that is added requires a second factor after `secondFactorGraceDays`.",
            new SystemSettings(),
            new SystemSettings(),
            "fresh_sign_in_required",
            "unknown_role"
        ),
        ["settingsImpact"] = new(
            "Give each role as a parameter of its own: `?role=Admin&role=Operator`. Ask before you require it: after the "
                + "grace period those without a second factor can only set one up.",
            null,
            new SecondFactorImpact(12, 4, IncludesYou: true, 7),
            "unknown_role"
        ),
        ["sessionsList"] = new("Needs full access.", Answer: new Page<SessionSummary>([Browser], 1, null), Codes: "insufficient_scope"),
        ["sessionsEnd"] = new("Also the present one.", Codes: "insufficient_scope"),
        ["sessionsEndOthers"] = new("Ends devices, open links and codes too.", Codes: "insufficient_scope"),
        ["auditList"] = new(
            "`total` is null: counting would cost too much. Texts, and several filters together, are looked for in 5,000 "
                + "events at a time: a page may then have fewer events than `limit`, or none, with `lookedBackTo` and a `next` "
                + "that goes on. That the log was read is recorded, once per filter, session and hour.",
            null,
            new Page<AuditEntry>([Event], null, "20417")
        ),
        ["cliDownload"] = new(
            "The answer has the SHA-256 of the file in X-Checksum-Sha256 and Repr-Digest (RFC 9530).",
            Codes: "artifact_missing"
        ),
        ["allSessionsList"] = new(
            Answer: new Page<OwnedSession>([new OwnedSession(Browser, new UserRef(Id, Email, "ana.silva"))], 1, null)
        ),
        ["allSessionsEnd"] = new("As `DELETE /api/users/{id}/sessions/{sid}`.", Codes: "above_you"),
        ["auditViewsCreate"] = new(
            "Up to 50. The filters are those of `GET /api/audit`.",
            new { name = "Failed sign-ins", query = new { action = "auth.sign_in_failed" } },
            FailedSignIns,
            "duplicate_name",
            "too_many_views"
        ),
        ["auditViewsList"] = new(Answer: new Page<SavedAuditView>([FailedSignIns], 1, null)),
        ["auditViewsRename"] = new(null, new { name = "Failed sign-ins" }, FailedSignIns, "duplicate_name"),
        ["auditFind"] = new(Answer: Event),
        ["auditExport"] = new(
            "All that match, whatever their number. A cell of the CSV that a spreadsheet would take for a formula gets an "
                + "apostrophe in front. The export is recorded with its filter and count."
        ),
        ["auditFollow"] = new(
            "The newest event comes at once, or with `Last-Event-ID` those after that one; then each as it happens. `data` "
                + "is an event as in the list. An event named `gap` says with `from` and `to` which ones retention cut before "
                + "they were sent. Comments are signs of life. The stream ends when the right to read ends."
        ),
        ["auditVerify"] = new("Reads the whole log; with very many events that takes a while.", null, new AuditVerification(true, 20_417)),
    };

    /// <summary>Returns the example of an operation; empty when it has no entry.</summary>
    public static ApiExample Of(string operationId) =>
        All.GetValueOrDefault(operationId)
        ?? DeviceExamples.All.GetValueOrDefault(operationId)
        ?? SystemExamples.All.GetValueOrDefault(operationId)
        ?? new ApiExample();
}
