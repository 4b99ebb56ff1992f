using AdminConsole.Core.Common;

namespace AdminConsole.Core.Security;

/// <summary>How a caller proved who it is; the value stands in the audit log.</summary>
public static class AuthenticationMethod
{
    public const string Session = "session";
    public const string Token = "token";
    public const string Jwt = "jwt";
    public const string System = "system";
    public const string Anonymous = "anonymous";
}

/// <summary>Who asks, from where, and what they may do now. The first parameter of every verb.</summary>
public sealed record Actor
{
    private static readonly IReadOnlySet<string> Nothing = new HashSet<string>();

    public Guid? UserId { get; init; }

    public required string Name { get; init; }

    /// <summary>One of <see cref="Security.AuthenticationMethod"/>.</summary>
    public required string Via { get; init; }

    public Guid? SessionId { get; init; }

    /// <summary>The personal access token that the request came with.</summary>
    public Guid? TokenId { get; init; }

    /// <summary>The connected device whose access token the request came with.</summary>
    public Guid? DeviceId { get; init; }

    /// <summary>What this request's credential is a line of in lists: session, device or token.</summary>
    public Guid? CredentialId => SessionId ?? DeviceId ?? TokenId;

    /// <summary>The owner of a token as they are now, which verifying it found out anyway; null otherwise.</summary>
    public Contracts.Me? Me { get; init; }

    /// <summary>The names of the person's roles, where a person looks at pages; what they allow is <see cref="RolePermissions"/>.
    /// </summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>What the person holds now, by all roles together.</summary>
    public IReadOnlySet<string> RolePermissions { get; init; } = Nothing;

    /// <summary>What this credential may do now: <see cref="RolePermissions"/>, cut to its scopes.</summary>
    public IReadOnlySet<string> EffectivePermissions { get; init; } = Nothing;

    /// <summary>True for the access token of a device that was approved for less than full access.</summary>
    public bool IsScoped { get; init; }

    /// <summary>True where the credential may do everything that its user may, also to other credentials.</summary>
    public bool HasFullAccess => Via != Security.AuthenticationMethod.Token && !IsScoped;

    /// <summary>When the person last proved who they are; null where that is not asked for.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>How old that may be for a sensitive act.</summary>
    public TimeSpan RecentFor { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>While true, only looking at oneself, changing the password and signing out work.</summary>
    public bool MustChangePassword { get; init; }

    /// <summary>While true, a role asks for a second factor that is not there: only looking at oneself, setting it up,
    /// changing the password and signing out work.</summary>
    public bool MustEnrol { get; init; }

    /// <summary>When a role begins, or began, to require a second factor that is missing; null where none
    /// does.</summary>
    public DateTimeOffset? EnrolBy { get; init; }

    public string? Ip { get; init; }

    public string? UserAgent { get; init; }

    public string? RequestId { get; init; }

    /// <summary>True where only the headers of the answer are sent (HEAD). Nothing is read then, so no reading is
    /// recorded.</summary>
    public bool GetsHeadersOnly { get; init; }

    /// <summary>What the browser kept from an earlier sign-in; null where it keeps nothing, or is none.</summary>
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

    /// <summary>The program itself: start-up, workers, the server's own command line.</summary>
    public static Actor System(string name) =>
        new()
        {
            Name = name,
            Via = Security.AuthenticationMethod.System,
            RolePermissions = Security.Permissions.All,
            EffectivePermissions = Security.Permissions.All,
        };

    /// <summary>The same caller, now that it is known who it is: the event of a sign-in is the user's own.</summary>
    internal Actor As(Guid userId, string name) => this with { UserId = userId, Name = name };

    public bool IsSystem => Via == Security.AuthenticationMethod.System;

    public bool Can(string permission) => !MustChangePassword && !MustEnrol && EffectivePermissions.Contains(permission);

    /// <summary>Why this actor may not use a permission; null when it may.</summary>
    public Refusal? Require(string permission) =>
        UserId is null && !IsSystem ? Refusals.Unauthenticated
        : MustChangePassword ? Refusals.PasswordChangeRequired
        : MustEnrol ? Refusals.MfaEnrolmentRequired
        : EffectivePermissions.Contains(permission) ? null
        : Refusals.Lacks(permission);

    /// <summary>Requires a person who signed in, whatever the device's scopes: for tokens and codes, which are cut to
    /// the scopes one by one.</summary>
    public Refusal? RequireInteractive() =>
        UserId is null && !IsSystem ? Refusals.Unauthenticated
        : Via == Security.AuthenticationMethod.Token ? Refusals.InteractiveRequired
        : MustChangePassword ? Refusals.PasswordChangeRequired
        : MustEnrol ? Refusals.MfaEnrolmentRequired
        : null;

    /// <summary>Requires full access and no pending enrolment: for one's own profile, sessions and devices.</summary>
    public Refusal? RequireFullAccess() => RequireOwnFactors() ?? (MustEnrol ? Refusals.MfaEnrolmentRequired : null);

    /// <summary>Requires full access. Setting up a second factor, and re-authenticating for it, must work while a role
    /// still asks for the factor.</summary>
    public Refusal? RequireOwnFactors() =>
        UserId is null && !IsSystem ? Refusals.Unauthenticated
        : Via == Security.AuthenticationMethod.Token ? Refusals.InteractiveRequired
        : IsScoped ? Refusals.FullAccessRequired
        : MustChangePassword ? Refusals.PasswordChangeRequired
        : null;

    /// <summary>Requires full access to change the actor's own credentials; the permission over other users'
    /// credentials does not include one's own.</summary>
    public Refusal? RequireForOwnCredentials(Guid userId) =>
        UserId != userId || HasFullAccess ? null
        : IsScoped ? Refusals.FullAccessRequired
        : Refusals.InteractiveRequired;

    /// <summary>Whether the credential's scopes cover all of these. The permissions of every account are covered by any
    /// credential.</summary>
    public bool Covers(IEnumerable<string> permissions) =>
        permissions.All(permission => EffectivePermissions.Contains(permission) || Security.Permissions.Own.Contains(permission));

    // A sign-in from a time to come, by a clock that was ahead, is not fresh until that time.
    private bool IsFresh(TimeSpan? age) => age <= RecentFor && age >= -RecentFor;

    /// <summary>Why this actor may not do something sensitive now; null when it may.</summary>
    public Refusal? RequireRecentSignIn(DateTimeOffset now) =>
        Via is Security.AuthenticationMethod.Session or Security.AuthenticationMethod.Jwt && !IsFresh(now - AuthenticatedAt)
            ? Refusals.FreshSignInRequired
            : null;
}

/// <summary>The refusals that any verb may answer.</summary>
public static class Refusals
{
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

    public static readonly Refusal BeyondScopes = Refusal.Forbidden("insufficient_scope", "This device's scopes don't allow this.");

    public static readonly Refusal AboveYou = Refusal.Forbidden(
        "above_you",
        "You can't manage this user: they have permissions you don't have."
    );

    /// <summary>The same for what holds permissions itself: roles, scopes.</summary>
    public static readonly Refusal BeyondYou = Refusal.Forbidden("above_you", "This includes permissions you don't have.");

    public static readonly Refusal OutcomeUnknown = new(
        RefusalKind.Busy,
        "outcome_unknown",
        "The database connection broke while saving. Check whether the change was made before you try again."
    );

    /// <summary>The database cannot be used at the moment; nothing was changed.</summary>
    public static Refusal Unavailable(string fault) =>
        new(RefusalKind.Busy, "unavailable", $"The database {fault}. Nothing was changed. Try again shortly.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    /// <summary>The audit log cannot take the event, and without one nothing is changed. Waiting does not
    /// help.</summary>
    public static Refusal AuditBlocked(string message) => new(RefusalKind.Busy, "audit_blocked", message);

    public static Refusal Lacks(string permission) =>
        Refusal.Forbidden("forbidden", $"This needs the permission {permission}.") with
        {
            Permission = permission,
        };
}
