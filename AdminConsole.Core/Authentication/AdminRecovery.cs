using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>How many ways into an account there are, or were ended.</summary>
public sealed record AccountAccess(int Sessions, int Devices, int Tokens);

/// <summary>A way back in: what the link is made of, whether the administrator had to be created, and what was
/// ended.</summary>
public sealed record RecoveredAdmin(IssuedReset Reset, bool Created, AccountAccess Ended);

/// <summary>Break-glass recovery by the server's command line; there is no page and no route for it.</summary>
public sealed class AdminRecovery(
    AppDbContext db,
    AppUserManager users,
    UserCredentialRevoker access,
    UserCredentials credentials,
    PasswordResets resets
)
{
    private static readonly Actor Operator = Actor.System("recover-admin");

    /// <summary>What recovering this account would end; nothing where there is no such user.</summary>
    public async Task<AccountAccess> AtStakeAsync(string name, CancellationToken ct)
    {
        var normalized = AppUser.NormalizeLogin(name.Trim());
        var ids = db.Users.WithSignInName(normalized).Select(user => user.Id);
        return new AccountAccess(
            await db.Sessions.CountAsync(session => ids.Contains(session.UserId), ct),
            await db.ConnectedDevices.CountAsync(device => ids.Contains(device.UserId), ct),
            await db.PersonalAccessTokens.CountAsync(token => ids.Contains(token.OwnerId) && token.RevokedAt == null, ct)
        );
    }

    /// <summary>Revokes a link that nobody has seen.</summary>
    public Task<Result<Unit>> WithdrawAsync(IssuedReset reset, CancellationToken ct)
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

    /// <summary>
    /// Makes the user with this email, or this username where the account has no email, an active administrator. Where
    /// no user has the
    /// email, one is created. Lifts lockout, clears second
    /// factors, ends sessions and devices, revokes access tokens, and gives a secret to set a new password with.
    /// Refused as <c>validation_failed </c>, <c>duplicate_user_name </c>.
    /// </summary>
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
        // Refused where the role is held.
        var roleAdded = (await users.AddToRoleAsync(admin, AppRole.Admin)).Succeeded;
        var (authenticator, passkeys, providers) = await credentials.ClearFactorsAsync(change, admin, ct);
        var ended = await access.EndAsync(change, admin, CredentialRevocation.Everything, ct);
        change.Record(
            AuditActions.AdminRecovered,
            admin.AsTarget(),
            new
            {
                created,
                reactivated,
                roleAdded,
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
