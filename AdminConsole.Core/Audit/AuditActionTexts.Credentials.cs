using AdminConsole.Core.Changes;
using static AdminConsole.Core.Changes.AuditActions;

namespace AdminConsole.Core.Audit;

public static partial class AuditActionTexts
{
    // Tokens, devices, settings, the log and the system.
    private static AuditActionText[] OfCredentials() =>
        [
            new(TokenCreated, Tokens, "Token created", "api key secret", facts => $"{facts.Actor} created the token {facts.Target}"),
            new(TokenUpdated, Tokens, "Token updated", "api key paused renamed", TokenUpdatedSentence, "updated # tokens"),
            new(
                TokenRotated,
                Tokens,
                "Token rotated",
                "api key secret renewed",
                facts => $"{facts.Actor} rotated the token {facts.Target}"
            ),
            new(
                TokenRevoked,
                Tokens,
                "Token revoked",
                "api key secret ended",
                facts => $"{facts.Actor} revoked the token {facts.Target}",
                "revoked # tokens"
            ),
            new(
                TokenReuseDetected,
                Tokens,
                "Token reuse detected",
                "api key secret leaked stolen",
                facts =>
                    facts.Count("revoked", "token") is { } revoked
                        ? Text($"The rotated token {facts.Target} was used again: {Plain(revoked)} revoked")
                        : Text($"The rotated token {facts.Target} was used again")
            ),
            new(
                DeviceCodeRequested,
                Devices,
                "Device code requested",
                "cli oauth",
                facts =>
                    facts.IsByUser
                        ? Text($"{facts.Actor} created a sign-in code for {facts.Target}")
                        : Text($"The device {facts.Target} asked for a sign-in code")
            ),
            new(
                DeviceApproved,
                Devices,
                "Device authorized",
                "cli oauth approved",
                facts => $"{facts.Actor} authorized the device {facts.Target}"
            ),
            new(DeviceDenied, Devices, "Device denied", "cli oauth refused", facts => $"{facts.Actor} denied the device {facts.Target}"),
            new(
                DeviceConnected,
                Devices,
                "Device connected",
                "cli oauth app",
                facts => $"{facts.Actor} signed in on the device {facts.Target}"
            ),
            new(
                DeviceRenamed,
                Devices,
                "Device renamed",
                "cli oauth app name",
                facts => $"{facts.Actor} renamed the device {facts.Target}"
            ),
            new(
                DeviceRevoked,
                Devices,
                "Device signed out",
                "cli oauth app revoked",
                facts => $"{facts.Actor} signed the device {facts.Target} out",
                "signed # devices out"
            ),
            new(
                RefreshReuseDetected,
                Devices,
                "Refresh token reuse detected",
                "cli oauth leaked stolen",
                facts =>
                    facts.Text("user") is { } user
                        ? Text($"A refresh token of {facts.Target} of {user} was used twice, and the device was signed out")
                        : Text($"A refresh token of {facts.Target} was used twice, and the device was signed out")
            ),
            new(SettingsUpdated, Settings, "Settings changed", "configuration mail", SettingsSentence),
            new(AuditViewed, Log, "Audit log viewed", "read", facts => $"{facts.Actor} viewed the audit log"),
            new(
                AuditExported,
                Log,
                "Audit log exported",
                "download csv",
                facts =>
                    facts.Count("count", "event") is { } events
                        ? Text($"{facts.Actor} exported {Plain(events)} from the audit log")
                        : Text($"{facts.Actor} exported the audit log")
            ),
            new(AuditVerified, Log, "Audit log verified", "integrity checked", VerifiedSentence),
            new(
                AuditPruned,
                Log,
                "Old events deleted",
                "retention pruned",
                facts =>
                    facts.Count("count", "event") is { } events
                        ? Text($"{facts.Actor} deleted {Plain(events)} older than the retention period")
                        : Text($"{facts.Actor} deleted events older than the retention period")
            ),
            new(AuditActions.AuditRepaired, Log, "Audit log repaired", "quarantine", facts => $"{facts.Actor} repaired the audit log"),
            new(SetupCompleted, System, "Setup completed", "first administrator", facts => $"{facts.Actor} set up AdminConsole"),
            new(
                AdminRecovered,
                System,
                "Administrator recovered",
                "recovery command",
                facts => $"{facts.Actor} recovered the administrator {facts.Target}"
            ),
            new(BackupCreated, System, "Backup created", "database", facts => $"{facts.Actor} created the backup {facts.Target}"),
            new(BackupRestored, System, "Backup restored", "database", facts => $"{facts.Actor} restored a backup"),
        ];
}
