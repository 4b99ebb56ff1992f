using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>The number of sessions, devices and access tokens that an account has, or that were ended.</summary>
public sealed record AccountAccess(int Sessions, int Devices, int Tokens);

/// <summary>The result of a recovery: the reset link, whether the administrator was created, and the access that was
/// ended.</summary>
public sealed record RecoveredAdmin(IssuedReset Reset, bool Created, AccountAccess Ended);

/// <summary>Break-glass recovery from the server's command line. There is no page and no route for it.</summary>
public sealed class AdminRecovery(
    AppDbContext db,
    AppUserManager users,
    UserCredentialRevoker access,
    UserCredentials credentials,
    PasswordResets resets
)
{
    private static readonly Actor Operator = Actor.System("recover-admin");

    /// <summary>Returns the access that recovering this account would end. All counts are zero if there is no such
    /// user.</summary>
    public async Task<AccountAccess> PreviewAsync(string name, CancellationToken ct)
    {
        var normalized = AppUser.NormalizeLogin(name.Trim());
        var ids = db.Users.WithSignInName(normalized).Select(user => user.Id);
        return new AccountAccess(
            await db.Sessions.CountAsync(session => ids.Contains(session.UserId), ct),
            await db.ConnectedDevices.CountAsync(device => ids.Contains(device.UserId), ct),
            await db.PersonalAccessTokens.CountAsync(token => ids.Contains(token.OwnerId) && token.RevokedAt == null, ct)
        );
    }

    /// <summary>Revokes a link that was never shown.</summary>
    public Task<Result<Unit>> RevokeLinkAsync(IssuedReset reset, CancellationToken ct)
    {
        var (hash, normalized) = (Secret.Hash(reset.Secret), AppUser.NormalizeLogin(reset.Name));
        return db.ChangeAsync<Unit>(
            Operator,
            null,
            async change =>
            {
                var admin = await db.Users.WithSignInName(normalized).SingleAsync(ct);
                await db.SingleUseLinks.Where(link => link.SecretHash == hash).ExecuteDeleteAsync(ct);
                change.Record(AuditActions.PasswordResetCancelled, admin.AsTarget(), new { reason = "could not be printed" });
                return default(Unit);
            },
            ct
        );
    }

    /// <summary>Makes the user with this email, or this username if the account has no email, an active administrator.
    /// Creates the user if no account has the email. Makes it a break-glass account, lifts a lockout, clears second
    /// factors, ends sessions and devices, revokes access tokens, and issues a reset link. Refused as
    /// <c>validation_failed</c> or <c>duplicate_user_name</c>.</summary>
    public async Task<Result<RecoveredAdmin>> RecoverAsync(string name, CancellationToken ct)
    {
        var given = name.Trim();
        var isUserName = UserNameValidation.CheckUserName(given, email: null) is null;
        if (!isUserName && UserNameValidation.Check(given, given, given) is { } malformed)
        {
            return malformed;
        }

        return await db.ChangeAsync<RecoveredAdmin>(
            Operator,
            null,
            async change =>
            {
                var known = await db.Users.WithSignInName(AppUser.NormalizeLogin(given)).SingleOrDefaultAsync(ct);
                if (known is null && isUserName)
                {
                    return Refusal.InvalidField(
                        "email",
                        $"No account without an email has the username '{given}'. Name any other account by its email."
                    );
                }

                var admin = known ?? AppUser.Create(given, null, null, change.At);
                if (known is null)
                {
                    if ((await users.CreateAsync(admin)).ToRefusal("email") is { } impossible)
                    {
                        return impossible;
                    }

                    change.Record(
                        AuditActions.UserCreated,
                        admin.AsTarget(),
                        new
                        {
                            admin.Email,
                            admin.UserName,
                            admin.DisplayName,
                            roles = new[] { AppRole.Admin },
                        }
                    );
                }

                var ended = await RestoreAsync(change, admin, known is null, ct);
                var reset = new IssuedReset(admin.SignInName, await resets.IssueAsync(change, admin, ct), admin.Email is not null);
                return new RecoveredAdmin(reset, known is null, ended);
            },
            ct,
            ChangeLock.Administrators
        );
    }

    private async Task<AccountAccess> RestoreAsync(ChangeContext change, AppUser admin, bool created, CancellationToken ct)
    {
        var reactivated = !admin.Active;
        admin.Activate(change.At);
        await users.UnlockAsync(admin);
        // Fails if the user already has the role.
        var roleAdded = (await users.AddToRoleAsync(admin, AppRole.Admin)).Succeeded;
        // Otherwise the password that the link sets might not work.
        admin.SetBreakGlass(true, change.At);
        var (authenticator, passkeys, providers) = await credentials.ClearFactorsAsync(change, admin, ct);
        var ended = await access.RevokeAsync(change, admin, CredentialRevocation.Everything, ct);
        change.Record(
            AuditActions.AdminRecovered,
            admin.AsTarget(),
            new
            {
                created,
                reactivated,
                roleAdded,
                breakGlass = true,
                authenticator,
                passkeys,
                providers,
                sessionsEnded = ended.Sessions,
                devicesEnded = ended.Devices,
                tokensRevoked = ended.Tokens,
            }
        );
        return new AccountAccess(ended.Sessions, ended.Devices, ended.Tokens);
    }
}
