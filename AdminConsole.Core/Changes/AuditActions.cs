namespace AdminConsole.Core.Changes;

/// <summary>The names of all audit actions, as the API and the audit log page show them.</summary>
public static class AuditActions
{
    public const string SetupCompleted = "setup.completed";
    public const string SignedIn = "auth.signed_in";
    public const string SignInFailed = "auth.sign_in_failed";
    public const string SignedOut = "auth.signed_out";
    public const string LockedOut = "auth.locked_out";
    public const string MfaEnabled = "auth.mfa_enabled";
    public const string MfaDisabled = "auth.mfa_disabled";
    public const string RecoveryCodeUsed = "auth.recovery_code_used";
    public const string RecoveryCodesGenerated = "auth.recovery_codes_generated";
    public const string PasskeyAdded = "auth.passkey_added";
    public const string PasskeyRemoved = "auth.passkey_removed";
    public const string UserCreated = "user.created";
    public const string UserInvited = "user.invited";
    public const string UserUpdated = "user.updated";
    public const string EmailChangeRequested = "user.email_change_requested";
    public const string EmailChanged = "user.email_changed";
    public const string UserLinked = "user.linked";
    public const string UserUnlinked = "user.unlinked";
    public const string UserActivated = "user.activated";
    public const string UserDeactivated = "user.deactivated";
    public const string UserUnlocked = "user.unlocked";
    public const string UserLockedDown = "user.locked_down";
    public const string UserDeleted = "user.deleted";
    public const string UserImported = "user.imported";
    public const string UserRoleAdded = "user.role_added";
    public const string UserRoleRemoved = "user.role_removed";
    public const string RoleCreated = "role.created";
    public const string RoleUpdated = "role.updated";
    public const string RoleDeleted = "role.deleted";
    public const string PasswordChanged = "user.password_changed";
    public const string PasswordResetRequested = "user.password_reset_requested";
    public const string PasswordResetCancelled = "user.password_reset_cancelled";
    public const string PasswordReset = "user.password_reset";
    public const string PasswordSet = "user.password_set";
    public const string PasswordChangeRequired = "user.password_change_required";
    public const string SessionEnded = "session.ended";
    public const string TokenCreated = "token.created";
    public const string TokenUpdated = "token.updated";
    public const string TokenRotated = "token.rotated";
    public const string TokenRevoked = "token.revoked";
    public const string TokenReuseDetected = "token.reuse_detected";
    public const string DeviceCodeRequested = "device.code_requested";
    public const string DeviceApproved = "device.approved";
    public const string DeviceDenied = "device.denied";
    public const string DeviceConnected = "device.connected";
    public const string DeviceRenamed = "device.renamed";
    public const string DeviceRevoked = "device.revoked";
    public const string RefreshReuseDetected = "refresh.reuse_detected";
    public const string ProviderAdded = "directory.provider_added";
    public const string ProviderUpdated = "directory.provider_updated";
    public const string ProviderRemoved = "directory.provider_removed";
    public const string SettingsUpdated = "settings.updated";
    public const string AuditViewed = "audit.viewed";
    public const string AuditExported = "audit.exported";
    public const string AuditVerified = "audit.verified";
    public const string AuditPruned = "audit.pruned";
    public const string AuditRepaired = "audit.repaired";
    public const string AccessDenied = "access.denied";
    public const string AdminRecovered = "admin.recovered";
    public const string BackupCreated = "backup.created";
    public const string BackupRestored = "backup.restored";

    /// <summary>The actions that record reading or verifying the log. Lists of recent activity omit them.</summary>
    public static readonly IReadOnlyList<string> LogAccess = [AuditViewed, AuditExported, AuditVerified];

    /// <summary>All actions in ordinal order, for filters and for the test that requires a code path to each.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        .. typeof(AuditActions)
            .GetFields()
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>True when the filter is a group such as <c>user.</c>, or a comma-separated list.</summary>
    public static bool IsGroup(string? action) => action?.EndsWith('.') == true || action?.Contains(',', StringComparison.Ordinal) == true;

    /// <summary>Returns the actions of a group such as <c>user.</c>, or of a comma-separated list of actions and
    /// groups. Empty when the filter is neither. Unknown names are returned unchanged; no event has them.</summary>
    public static List<string> Expand(string? action) =>
        IsGroup(action)
            ?
            [
                .. action!
                    .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .SelectMany(ExpandPart)
                    .Distinct()
                    .DefaultIfEmpty(action),
            ]
            : [];

    private static IEnumerable<string> ExpandPart(string part) =>
        !part.EndsWith('.') ? [part] : All.Where(name => name.StartsWith(part, StringComparison.Ordinal)).DefaultIfEmpty(part);
}
