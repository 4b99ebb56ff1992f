using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Endpoints.OpenApi;

internal static partial class ApiExamples
{
    // Examples of operations on roles, settings, the audit log and the CLI download.
    private static Dictionary<string, ApiExample> Others() =>
        new()
        {
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
}
