using System.Globalization;
using System.Text.Json;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Endpoints.OpenApi;

/// <summary>The documentation of an operation beyond its summary: a description, examples, and further refusal
/// codes.</summary>
internal sealed record ApiExample(string? Description = null, object? Request = null, object? Answer = null, params string[] Codes);

/// <summary>Examples for the document. They are instances of the contracts, so they cannot contradict them.</summary>
internal static partial class ApiExamples
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
        new AuditTarget(AuditTargetTypes.User, Id.ToString(), Email),
        "203.0.113.7",
        Browser.UserAgent,
        Browser.Id,
        "9f2b6f6d0f1c4f0e8b1d2c3a4b5c6d7e",
        null,
        JsonSerializer.SerializeToElement(new { role = "Operator" }),
        "3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b"
    );

    private static readonly Dictionary<string, ApiExample> All = new([.. Account(), .. Users(), .. Tokens(), .. Others(), .. Providers()]);

    /// <summary>Returns the example of an operation; empty when it has no entry.</summary>
    public static ApiExample Of(string operationId) =>
        All.GetValueOrDefault(operationId)
        ?? DeviceExamples.All.GetValueOrDefault(operationId)
        ?? SystemExamples.All.GetValueOrDefault(operationId)
        ?? new ApiExample();
}
