using static AdminConsole.Core.Changes.AuditActions;

namespace AdminConsole.Core.Audit;

public static partial class AuditActionTexts
{
    // Sign-in, users, roles, passwords and sessions.
    private static AuditActionText[] OfAccounts() =>
        [
            new(SignedIn, SignIn, "Signed in", "login authentication", SignedInSentence, "signed in # times"),
            new(SignInFailed, SignIn, "Sign-in failed", "login wrong password failure", FailedSentence, "failed to sign in # times"),
            new(SignedOut, SignIn, "Signed out", "logout", facts => $"{facts.Actor} signed out"),
            new(
                LockedOut,
                SignIn,
                "Account locked",
                "lockout brute force",
                facts =>
                    facts.Is("knownBrowser")
                        ? Text($"{facts.Target} was locked on a known browser after failed sign-ins")
                        : Text($"{facts.Target} was locked after failed sign-ins")
            ),
            new(
                AccessDenied,
                SignIn,
                "Access denied",
                "forbidden permission refused",
                facts =>
                    (facts.Text("permission") ?? facts.Text("door")) is { } needed
                        ? Text($"{facts.Actor} was denied access, {needed} is required")
                        : Text($"{facts.Actor} was denied access")
            ),
            new(
                MfaEnabled,
                Factors,
                "2FA turned on",
                "mfa totp authenticator enrolled",
                facts =>
                    facts.IsOwn
                        ? Text($"{facts.Actor} turned on two-factor authentication")
                        : Text($"{facts.Actor} turned on two-factor authentication for {facts.Target}")
            ),
            new(
                MfaDisabled,
                Factors,
                "2FA turned off",
                "mfa totp authenticator reset removed",
                facts =>
                    facts.IsOwn
                        ? Text($"{facts.Actor} turned off two-factor authentication")
                        : Text($"{facts.Actor} reset two-factor authentication for {facts.Target}"),
                "reset two-factor authentication for # users"
            ),
            new(
                RecoveryCodeUsed,
                Factors,
                "Recovery code used",
                "mfa backup code",
                facts =>
                    facts.Count("left", "code") is { } left
                        ? Text($"{facts.Target} used a recovery code, {Plain(left)} left")
                        : Text($"{facts.Target} used a recovery code")
            ),
            new(
                RecoveryCodesGenerated,
                Factors,
                "Recovery codes created",
                "mfa backup codes",
                facts => $"{facts.Actor} created new recovery codes"
            ),
            new(
                PasskeyAdded,
                Factors,
                "Passkey added",
                "webauthn security key",
                facts => $"{facts.Actor} added the passkey {facts.Text("name")}"
            ),
            new(
                PasskeyRemoved,
                Factors,
                "Passkey removed",
                "webauthn security key",
                facts => $"{facts.Actor} removed the passkey {facts.Text("name")}"
            ),
            new(
                UserCreated,
                Users,
                "User created",
                "account added new",
                facts =>
                    facts.Text("provider") is { } provider
                        ? Text($"{facts.Target} got an account at the first sign-in with {provider}")
                        : Text($"{facts.Actor} created {facts.Target}"),
                "created # users"
            ),
            new(UserInvited, Users, "User invited", "invitation mail", facts => $"{facts.Actor} invited {facts.Target}", "invited # users"),
            new(UserUpdated, Users, "User updated", "profile email renamed changed erased privacy", UpdatedSentence, "updated # users"),
            new(
                EmailChangeRequested,
                Users,
                "Email change requested",
                "address confirmation link",
                facts => $"{facts.Actor} asked to change their email"
            ),
            new(EmailChanged, Users, "Email changed", "address confirmed", facts => $"{facts.Actor} confirmed a new email"),
            new(
                UserLinked,
                Users,
                "Identity provider linked",
                "external login sso oidc",
                facts => $"{facts.Actor} linked the sign-in with {facts.Text("provider")}"
            ),
            new(
                UserUnlinked,
                Users,
                "Identity provider unlinked",
                "external login sso oidc",
                facts => $"{facts.Actor} unlinked the sign-in with {facts.Text("provider")}"
            ),
            new(
                UserActivated,
                Users,
                "User activated",
                "reactivated enabled",
                facts => $"{facts.Actor} activated {facts.Target}",
                "activated # users"
            ),
            new(
                UserDeactivated,
                Users,
                "User deactivated",
                "disabled suspended",
                facts => $"{facts.Actor} deactivated {facts.Target}",
                "deactivated # users"
            ),
            new(UserUnlocked, Users, "User unlocked", "lockout", facts => $"{facts.Actor} unlocked {facts.Target}", "unlocked # users"),
            new(
                UserLockedDown,
                Users,
                "User locked down",
                "lockdown compromised",
                facts => $"{facts.Actor} locked down {facts.Target}",
                "locked down # users"
            ),
            new(UserDeleted, Users, "User deleted", "removed", facts => $"{facts.Actor} deleted {facts.Target}", "deleted # users"),
            new(UserImported, Users, "Users imported", "csv file upload", ImportedSentence),
            new(
                UserRoleAdded,
                Roles,
                "Role assigned",
                "assignment permission granted admin",
                facts =>
                    facts.Text("provider") is { } provider
                        ? Text($"{facts.Target} was assigned {Role(facts)} by a rule of {provider}")
                        : Text($"{facts.Actor} assigned {Role(facts)} to {facts.Target}"),
                "assigned a role to # users"
            ),
            new(
                UserRoleRemoved,
                Roles,
                "Role removed",
                "assignment permission revoked admin",
                facts =>
                    facts.Text("movedTo") is { } other ? Text($"{facts.Actor} moved {facts.Target} from {Role(facts)} to {other}")
                    : facts.Text("provider") is { } provider
                        ? Text($"{Role(facts)} was removed from {facts.Target} by a rule of {provider}")
                    : Text($"{facts.Actor} removed {Role(facts)} from {facts.Target}"),
                "removed a role from # users"
            ),
            new(RoleCreated, Roles, "Role created", "permission added", facts => $"{facts.Actor} created the role {facts.Target}"),
            new(
                RoleUpdated,
                Roles,
                "Role updated",
                "permission changed",
                facts => $"{facts.Actor} changed the {Plain(facts.ChangedFields("settings"))} of the role {facts.Target}"
            ),
            new(RoleDeleted, Roles, "Role deleted", "permission removed", facts => $"{facts.Actor} deleted the role {facts.Target}"),
            new(PasswordChanged, Passwords, "Password changed", "credential", facts => $"{facts.Actor} changed their password"),
            new(
                PasswordResetRequested,
                Passwords,
                "Password reset requested",
                "credential forgotten link",
                ResetRequestedSentence,
                "created password reset links for # users"
            ),
            new(
                PasswordResetCancelled,
                Passwords,
                "Password reset cancelled",
                "credential link",
                facts => $"{facts.Actor} cancelled the password reset of {facts.Target}",
                "cancelled # password resets"
            ),
            new(
                PasswordReset,
                Passwords,
                "Password reset",
                "credential forgotten",
                facts => $"{facts.Target} chose a new password with a reset link"
            ),
            new(
                PasswordSet,
                Passwords,
                "Temporary password set",
                "credential",
                facts => $"{facts.Actor} set a temporary password for {facts.Target}"
            ),
            new(
                PasswordChangeRequired,
                Passwords,
                "Password change required",
                "credential",
                facts => $"{facts.Actor} required a password change from {facts.Target}",
                "required a password change from # users"
            ),
            new(SessionEnded, Sessions, "Session ended", "signed out logout revoked", SessionEndedSentence, "ended # sessions"),
        ];
}
