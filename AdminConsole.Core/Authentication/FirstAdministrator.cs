using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>Creates the first administrator. Works only while there are no users.</summary>
public sealed class FirstAdministrator(AppDbContext db, AppUserManager users)
{
    private static readonly Refusal SetupDone = Refusal.Conflict("setup_done", "The first administrator already exists. Sign in instead.");

    public async Task<bool> IsNeededAsync(CancellationToken ct) => !await db.Users.AnyAsync(ct);

    /// <summary>Creates the administrator and starts a session. Of two concurrent calls, one is refused as
    /// <c>setup_done</c>.</summary>
    public async Task<Result<SignedIn>> CreateAsync(Actor caller, SetupRequest request, CancellationToken ct) =>
        await CreateAsync(
            caller,
            request,
            mustChangePassword: false,
            (change, user) => PasswordSignIn.StartSessionAsync(db, change, user, SignInMethods.Password, remember: false, ct),
            ct
        );

    /// <summary>Creates the administrator named in the configuration, who must change the password. Does nothing once
    /// there are users.</summary>
    public async Task<Result<Unit>> BootstrapAsync(string email, string password, CancellationToken ct)
    {
        if (!await IsNeededAsync(ct))
        {
            return default(Unit);
        }

        var created = await CreateAsync(
            Actor.System("bootstrap"),
            new SetupRequest { Email = email, Password = password },
            mustChangePassword: true,
            (_, _) => Task.FromResult(default(Unit)),
            ct
        );
        return created.Refusal == SetupDone ? default(Unit) : created;
    }

    private async Task<Result<T>> CreateAsync<T>(
        Actor caller,
        SetupRequest request,
        bool mustChangePassword,
        Func<ChangeContext, AppUser, Task<T>> then,
        CancellationToken ct
    )
    {
        if (!await IsNeededAsync(ct))
        {
            return SetupDone;
        }

        var email = request.Email.Trim();
        var userName = string.IsNullOrWhiteSpace(request.UserName) ? null : request.UserName.Trim();
        var displayName = string.IsNullOrWhiteSpace(request.DisplayName) ? email.Split('@')[0] : request.DisplayName.Trim();
        if ((Validation.Check(request) ?? UserNameValidation.Check(email, userName ?? email, displayName)) is { } invalid)
        {
            return invalid;
        }

        if (await users.PrepareAsync(AppUser.Draft(email, userName, displayName), request.Password, "password") is { } weak)
        {
            return weak;
        }

        return await db.ChangeAsync<T>(
            caller,
            null,
            async change =>
            {
                if (await db.Users.AnyAsync(ct))
                {
                    return SetupDone;
                }

                var user = AppUser.Create(email, userName, displayName, change.At);
                if (
                    (
                        (await users.CreateAsync(user, request.Password)).ToRefusal("email")
                        ?? (await users.AddToRoleAsync(user, AppRole.Admin)).ToRefusal("email")
                    ) is
                    { } impossible
                )
                {
                    return impossible;
                }

                if (mustChangePassword)
                {
                    user.RequirePasswordChange(change.At);
                }

                change.Record(
                    AuditActions.SetupCompleted,
                    user.AsTarget(),
                    new { BreachCheck = users.BreachCheckOf(request.Password) },
                    by: caller.IsSystem ? caller : caller.WithUser(user.Id, user.SignInName)
                );
                change.Record(
                    AuditActions.UserCreated,
                    user.AsTarget(),
                    new
                    {
                        user.Email,
                        user.UserName,
                        user.DisplayName,
                        roles = new[] { AppRole.Admin },
                    },
                    by: caller.IsSystem ? caller : caller.WithUser(user.Id, user.SignInName)
                );
                return await then(change, user);
            },
            ct,
            ChangeLock.Administrators
        );
    }
}
