using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AdminConsole.Core.Contracts;

/// <summary>The settings that administrators can change at run time. Each property has its default, which also applies
/// if it is omitted. To add a setting, add a property with its default.</summary>
public sealed record SystemSettings : IValidatableObject
{
    /// <summary>The name of the organization; null for none. Shown next to the product name in the app bar and on the
    /// sign-in pages.</summary>
    [StringLength(Limits.OrganizationName)]
    public string? OrganizationName { get; init; }

    /// <summary>The minimum length of new passwords, in characters.</summary>
    [Range(12, 64)]
    public int PasswordMinimumLength { get; init; } = 12;

    /// <summary>The lifetime of links for setting a new password, in minutes.</summary>
    [Range(5, 1440)]
    public int PasswordResetMinutes { get; init; } = 60;

    /// <summary>The idle timeout of sessions, in hours.</summary>
    [Range(1, 24)]
    public int SessionSlidingHours { get; init; } = 8;

    /// <summary>The lifetime of sessions with "Stay signed in", in days from the sign-in, regardless of use.</summary>
    [Range(1, 90)]
    public int SessionRememberedDays { get; init; } = 30;

    /// <summary>The maximum age of a sign-in for sensitive operations, in minutes.</summary>
    [Range(1, 60)]
    public int FreshSignInMinutes { get; init; } = 15;

    /// <summary>The number of failed sign-ins that locks an account.</summary>
    [Range(3, 100)]
    public int LockoutFailures { get; init; } = 10;

    /// <summary>The time window in which failed sign-ins are counted, in minutes.</summary>
    [Range(1, 1440)]
    public int LockoutWindowMinutes { get; init; } = 15;

    /// <summary>The duration of a lockout, in minutes.</summary>
    [Range(1, 1440)]
    public int LockoutMinutes { get; init; } = 15;

    /// <summary>The retention of audit events, in days; at least 30, or 0 to keep all events.</summary>
    [Range(0, 36500)]
    public int AuditRetentionDays { get; init; }

    /// <summary>The default lifetime of personal access tokens, in days.</summary>
    [Range(1, 3650)]
    public int TokenDefaultDays { get; init; } = 90;

    /// <summary>The maximum lifetime of personal access tokens, in days.</summary>
    [Range(1, 3650)]
    public int TokenMaximumDays { get; init; } = 365;

    /// <summary>True if personal access tokens without an expiry are allowed.</summary>
    public bool TokensMayLiveForEver { get; init; }

    /// <summary>The number of days without use after which a connected device is signed out.</summary>
    [Range(1, 365)]
    public int DeviceSlidingDays { get; init; } = 30;

    /// <summary>The number of days after which a connected device is signed out, regardless of use.</summary>
    [Range(1, 3650)]
    public int DeviceMaximumDays { get; init; } = 365;

    /// <summary>The grace period for reusing a refresh token, in seconds. Within it, a used token gets the same
    /// response again, in case the first response was lost.</summary>
    [Range(0, 60)]
    public int RefreshLeewaySeconds { get; init; } = 10;

    /// <summary>The names of the roles that require a second factor. Once the requirement is in force, users without
    /// one can only set one up.</summary>
    [Required, MaxLength(1000)]
    public IReadOnlyList<string> SecondFactorRoles { get; init; } = [];

    /// <summary>The grace period for roles newly added to <c>secondFactorRoles</c>, in days. During it, their users can
    /// work without a second factor; 0 requires it immediately.</summary>
    [Range(0, 90)]
    public int SecondFactorGraceDays { get; init; } = 7;

    /// <summary>When each role starts to require a second factor. The server sets it when a role is added, and ignores
    /// it in requests.</summary>
    [ReadOnly(true)]
    public IReadOnlyDictionary<string, DateTimeOffset> SecondFactorRequiredFrom { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>The names of the roles whose users must sign in with an identity provider. Changed by
    /// <c>/api/directory/required-roles</c>, and ignored in requests here.</summary>
    [ReadOnly(true)]
    public IReadOnlyList<string> ProviderRequiredRoles { get; init; } = [];

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (AuditRetentionDays is > 0 and < 30)
        {
            yield return new ValidationResult("Enter at least 30 days, or 0 to keep all events.", [nameof(AuditRetentionDays)]);
        }
    }
}

/// <summary>The users affected if these roles required a second factor.</summary>
/// <param name="Users">The number of active users with one of the roles.</param>
/// <param name="WithoutSecondFactor">The number of those users with neither an authenticator app nor a passkey.</param>
/// <param name="IncludesYou">True if the caller would have to set up a second factor. That is the case for users of one
/// of the roles without an authenticator app, unless they signed in with a passkey.</param>
/// <param name="GraceDays">The number of days that the current settings allow before a newly required second factor is
/// enforced.</param>
public sealed record SecondFactorImpact(int Users, int WithoutSecondFactor, bool IncludesYou, int GraceDays);
