using AdminConsole.Core.Common;

namespace AdminConsole.Core.Security;

/// <summary>The authentication methods of callers. The audit log stores these values.</summary>
public static class AuthenticationMethod
{
    public const string Session = "session";
    public const string Token = "token";
    public const string Jwt = "jwt";
    public const string System = "system";
    public const string Anonymous = "anonymous";
}

/// <summary>The caller of an operation: its identity, origin and current permissions. The first parameter of every
/// operation.</summary>
public sealed record Actor
{
    private static readonly IReadOnlySet<string> Nothing = new HashSet<string>();

    public Guid? UserId { get; init; }

    public required string Name { get; init; }

    /// <summary>One of the values of <see cref="Security.AuthenticationMethod"/>.</summary>
    public required string Via { get; init; }

    public Guid? SessionId { get; init; }

    /// <summary>The personal access token that authenticated the request.</summary>
    public Guid? TokenId { get; init; }

    /// <summary>The connected device whose access token authenticated the request.</summary>
    public Guid? DeviceId { get; init; }

    /// <summary>The id of the credential of this request, as listed in the API: that of the session, device or
    /// token.</summary>
    public Guid? CredentialId => SessionId ?? DeviceId ?? TokenId;

    /// <summary>The user as the API shows it, loaded when a bearer token was verified; null for other
    /// callers.</summary>
    public Contracts.Me? Me { get; init; }

    /// <summary>The names of the user's roles. Set only for sessions; use <see cref="RolePermissions"/> for
    /// authorization.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The permissions of all current roles of the user.</summary>
    public IReadOnlySet<string> RolePermissions { get; init; } = Nothing;

    /// <summary>The permissions of this credential: <see cref="RolePermissions"/>, limited to its scopes.</summary>
    public IReadOnlySet<string> EffectivePermissions { get; init; } = Nothing;

    /// <summary>True for the access token of a device that has limited scopes.</summary>
    public bool IsScoped { get; init; }

    /// <summary>True if the credential has all permissions of its user and can manage the user's other
    /// credentials.</summary>
    public bool HasFullAccess => Via != Security.AuthenticationMethod.Token && !IsScoped;

    /// <summary>When the user last authenticated; null for credentials without a sign-in, such as personal access
    /// tokens.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>The maximum age of <see cref="AuthenticatedAt"/> for sensitive operations.</summary>
    public TimeSpan RecentSignInMaxAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>True while the user can only view their own account, change the password and sign out.</summary>
    public bool MustChangePassword { get; init; }

    /// <summary>True while a role requires a second factor that is missing. The user can then only view their own
    /// account, set up the factor, change the password and sign out.</summary>
    public bool MustEnrol { get; init; }

    /// <summary>When a role starts, or started, to require a second factor that is missing; null if no role
    /// does.</summary>
    public DateTimeOffset? EnrolmentDeadline { get; init; }

    public string? Ip { get; init; }

    public string? UserAgent { get; init; }

    public string? RequestId { get; init; }

    /// <summary>True for HEAD requests, which return only headers. No data is read for them, so no read access is
    /// audited.</summary>
    public bool GetsHeadersOnly { get; init; }

    /// <summary>The key that the browser stored at an earlier sign-in; null if it sent none.</summary>
    public string? BrowserKey { get; init; }

    public static Actor Anonymous(string? ip = null, string? userAgent = null, string? requestId = null, string? browserKey = null) =>
        new()
        {
            Name = "anonymous",
            Via = Security.AuthenticationMethod.Anonymous,
            Ip = ip,
            UserAgent = userAgent,
            RequestId = requestId,
            BrowserKey = browserKey,
        };

    /// <summary>Creates the actor for the server itself: startup, workers, and the server's own commands.</summary>
    public static Actor System(string name) =>
        new()
        {
            Name = name,
            Via = Security.AuthenticationMethod.System,
            RolePermissions = Security.Permissions.All,
            EffectivePermissions = Security.Permissions.All,
        };

    /// <summary>Returns this caller with the identity of the user who just signed in. The sign-in event then names that
    /// user.</summary>
    internal Actor WithUser(Guid userId, string name) => this with { UserId = userId, Name = name };

    public bool IsSystem => Via == Security.AuthenticationMethod.System;

    public bool Can(string permission) => !MustChangePassword && !MustEnrol && EffectivePermissions.Contains(permission);

    /// <summary>Returns the reason why this actor cannot use a permission; null if it can.</summary>
    public Refusal? Require(string permission) =>
        UserId is null && !IsSystem ? Refusals.Unauthenticated
        : MustChangePassword ? Refusals.PasswordChangeRequired
        : MustEnrol ? Refusals.MfaEnrolmentRequired
        : EffectivePermissions.Contains(permission) ? null
        : Refusals.MissingPermission(permission);

    /// <summary>Requires a signed-in user, with any device scopes; refuses personal access tokens. Operations on tokens
    /// and codes compare the scopes themselves.</summary>
    public Refusal? RequireInteractive() =>
        UserId is null && !IsSystem ? Refusals.Unauthenticated
        : Via == Security.AuthenticationMethod.Token ? Refusals.InteractiveRequired
        : MustChangePassword ? Refusals.PasswordChangeRequired
        : MustEnrol ? Refusals.MfaEnrolmentRequired
        : null;

    /// <summary>Requires full access and no pending 2FA enrolment. For the user's own profile, sessions and
    /// devices.</summary>
    public Refusal? RequireFullAccess() => RequireOwnFactors() ?? (MustEnrol ? Refusals.MfaEnrolmentRequired : null);

    /// <summary>Requires full access, but accepts a pending 2FA enrolment. Setting up the factor, and re-authenticating
    /// for it, must work while a role still requires it.</summary>
    public Refusal? RequireOwnFactors() =>
        UserId is null && !IsSystem ? Refusals.Unauthenticated
        : Via == Security.AuthenticationMethod.Token ? Refusals.InteractiveRequired
        : IsScoped ? Refusals.FullAccessRequired
        : MustChangePassword ? Refusals.PasswordChangeRequired
        : null;

    /// <summary>Requires full access to change the actor's own credentials. The permission for the credentials of other
    /// users does not include the actor's own.</summary>
    public Refusal? RequireForOwnCredentials(Guid userId) =>
        UserId != userId || HasFullAccess ? null
        : IsScoped ? Refusals.FullAccessRequired
        : Refusals.InteractiveRequired;

    /// <summary>True if the scopes of the credential cover all of these permissions. The permissions that every account
    /// has are always covered.</summary>
    public bool Covers(IEnumerable<string> permissions) =>
        permissions.All(permission => EffectivePermissions.Contains(permission) || Security.Permissions.Own.Contains(permission));

    // A sign-in dated further in the future than RecentFor (the clock was ahead) does not count as recent either.
    private bool IsFresh(TimeSpan? age) => age <= RecentSignInMaxAge && age >= -RecentSignInMaxAge;

    /// <summary>Returns the reason why this actor cannot run a sensitive operation now; null if it can.</summary>
    public Refusal? RequireRecentSignIn(DateTimeOffset now) =>
        Via is Security.AuthenticationMethod.Session or Security.AuthenticationMethod.Jwt && !IsFresh(now - AuthenticatedAt)
            ? Refusals.FreshSignInRequired
            : null;
}

/// <summary>The refusals that any operation can return.</summary>
public static class Refusals
{
    internal static readonly Refusal InvalidCredentials = Refusal.Unauthenticated(
        "invalid_credentials",
        "Incorrect username or password, or the account can't sign in."
    );

    public static readonly Refusal Unauthenticated = Refusal.Unauthenticated("unauthenticated", "Sign in first.");

    public static readonly Refusal PasswordChangeRequired = Refusal.Forbidden(
        "password_change_required",
        "You must set a new password before continuing."
    );

    public static readonly Refusal MfaEnrolmentRequired = Refusal.Forbidden(
        "mfa_enrolment_required",
        "Your role requires 2FA. Set it up to continue."
    );

    public static readonly Refusal FreshSignInRequired = Refusal.Forbidden(
        "fresh_sign_in_required",
        "Confirm it's you. This needs a recent sign-in."
    );

    public static readonly Refusal InteractiveRequired = Refusal.Forbidden(
        "interactive_required",
        "A personal access token can't do this. Sign in as yourself."
    );

    public static readonly Refusal FullAccessRequired = Refusal.Forbidden(
        "insufficient_scope",
        "This device has limited scopes, so it can't manage credentials. Sign in with full access."
    );

    public static readonly Refusal ExceedsScopes = Refusal.Forbidden("insufficient_scope", "This device's scopes don't allow this.");

    public static readonly Refusal OutranksActor = Refusal.Forbidden(
        "above_you",
        "You can't manage this user: they have permissions you don't have."
    );

    /// <summary>The refusal for roles and scopes that include permissions the actor does not have.</summary>
    public static readonly Refusal ExceedsActorPermissions = Refusal.Forbidden("above_you", "This includes permissions you don't have.");

    public static readonly Refusal OutcomeUnknown = new(
        RefusalKind.Busy,
        "outcome_unknown",
        "The database connection broke while saving. Check whether the change was made before you try again."
    );

    /// <summary>Returns the refusal for a database that is temporarily unavailable. Nothing was changed.</summary>
    public static Refusal Unavailable(string fault) =>
        new(RefusalKind.Busy, "unavailable", $"The database {fault}. Nothing was changed. Try again shortly.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    /// <summary>Returns the refusal for an audit log that cannot store the event. Nothing was changed, and retrying
    /// does not help.</summary>
    public static Refusal AuditBlocked(string message) => new(RefusalKind.Busy, "audit_blocked", message);

    public static Refusal MissingPermission(string permission) =>
        Refusal.Forbidden("forbidden", $"This needs the permission {permission}.") with
        {
            Permission = permission,
        };
}
