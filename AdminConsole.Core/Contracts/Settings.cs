using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AdminConsole.Core.Contracts;

/// <summary>What administrators may change while the program runs. A later setting is one more property here, with its
/// default.</summary>
public sealed record SystemSettings : IValidatableObject
{
    /// <summary>The name of the organization, beside the product's in the app bar and on the sign-in pages; null for
    /// none.</summary>
    [StringLength(Limits.OrganizationName)]
    public string? OrganizationName { get; init; }

    /// <summary>How many characters a new password has at least.</summary>
    [Range(12, 64)]
    public int PasswordMinimumLength { get; init; } = 12;

    /// <summary>How long a link to set a new password works, in minutes.</summary>
    [Range(5, 1440)]
    public int PasswordResetMinutes { get; init; } = 60;

    /// <summary>After how many hours without use a session ends.</summary>
    [Range(1, 24)]
    public int SessionSlidingHours { get; init; } = 8;

    /// <summary>How many days after the sign-in a remembered session ends, used or not.</summary>
    [Range(1, 90)]
    public int SessionRememberedDays { get; init; } = 30;

    /// <summary>How old a sign-in may be for a sensitive act, in minutes.</summary>
    [Range(1, 60)]
    public int FreshSignInMinutes { get; init; } = 15;

    /// <summary>How many failed sign-ins lock an account.</summary>
    [Range(3, 100)]
    public int LockoutFailures { get; init; } = 10;

    /// <summary>Within how many minutes they count together.</summary>
    [Range(1, 1440)]
    public int LockoutWindowMinutes { get; init; } = 15;

    /// <summary>For how many minutes the account is then locked.</summary>
    [Range(1, 1440)]
    public int LockoutMinutes { get; init; } = 15;

    /// <summary>How many days audit events are kept, 30 at least; 0 keeps them all.</summary>
    [Range(0, 36500)]
    public int AuditRetentionDays { get; init; }

    /// <summary>After how many days a personal access token expires, where its owner does not say.</summary>
    [Range(1, 3650)]
    public int TokenDefaultDays { get; init; } = 90;

    /// <summary>How many days a personal access token lives at most.</summary>
    [Range(1, 3650)]
    public int TokenMaximumDays { get; init; } = 365;

    /// <summary>Whether a personal access token may live for ever.</summary>
    public bool TokensMayLiveForEver { get; init; }

    /// <summary>After how many days without use a connected device is signed out.</summary>
    [Range(1, 365)]
    public int DeviceSlidingDays { get; init; } = 30;

    /// <summary>How many days after it was connected a device is signed out, used or not.</summary>
    [Range(1, 3650)]
    public int DeviceMaximumDays { get; init; } = 365;

    /// <summary>For how many seconds a spent refresh token gets the same answer again, because the first one may have
    /// been lost.</summary>
    [Range(0, 60)]
    public int RefreshLeewaySeconds { get; init; } = 10;

    /// <summary>The names of the roles whose holders need a second factor. Once the requirement is in force, those
    /// without one can only set one up.</summary>
    [Required, MaxLength(1000)]
    public IReadOnlyList<string> SecondFactorRoles { get; init; } = [];

    /// <summary>For how many days the holders of a role that is added to <c>secondFactorRoles </c> may work without a
    /// second factor; 0 requires it at once.</summary>
    [Range(0, 90)]
    public int SecondFactorGraceDays { get; init; } = 7;

    /// <summary>From when each role requires a second factor; set by the server when a role is added. What a request
    /// sends here is ignored.</summary>
    [ReadOnly(true)]
    public IReadOnlyDictionary<string, DateTimeOffset> SecondFactorRequiredFrom { get; init; } = new Dictionary<string, DateTimeOffset>();

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (AuditRetentionDays is > 0 and < 30)
        {
            yield return new ValidationResult("Enter at least 30 days, or 0 to keep all events.", [nameof(AuditRetentionDays)]);
        }
    }
}

/// <summary>Who would be affected if these roles required a second factor.</summary>
/// <param name="Users">How many active users hold one of the roles.</param>
/// <param name="WithoutSecondFactor">How many of them have neither an authenticator app nor a passkey.</param>
/// <param name="IncludesYou">True where you are one of them, or signed in without a second factor: you would have to
/// set one up.</param>
/// <param name="GraceDays">For how many days the present settings let a newly required role work without one.</param>
public sealed record SecondFactorImpact(int Users, int WithoutSecondFactor, bool IncludesYou, int GraceDays);
