using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Users;

/// <summary>Creates many users quickly.</summary>
internal static class UserFactory
{
    /// <summary>Creates administrators for races, with an unknown password.</summary>
    public static async Task<List<AppUser>> AdministratorsAsync(this AdminApp app, int count)
    {
        var users = Enumerable
            .Range(0, count)
            .Select(_ => AppUser.Create(TestData.Email("root"), null, null, app.Clock.GetUtcNow().Stored()))
            .ToList();
        await app.RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                async change =>
                {
                    change.Record(AuditActions.UserCreated, null);
                    var admin = await db.Roles.SingleAsync(role => role.NormalizedName == "ADMIN");
                    foreach (var user in users)
                    {
                        user.SetPassword("nobody's", mustChange: false, user.CreatedAt);
                        db.Add(user);
                        db.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = admin.Id });
                    }

                    return default(Unit);
                },
                default
            )
        );
        return users;
    }

    /// <summary>Creates many users of whom only the email matters.</summary>
    public static Task CreateUsersAsync(this AdminApp app, IEnumerable<string> emails) =>
        app.RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                change =>
                {
                    change.Record(AuditActions.UserCreated, null);
                    db.AddRange(emails.Select(email => AppUser.Create(email, null, null, change.At)));
                    return Task.FromResult<Result<Unit>>(default(Unit));
                },
                default
            )
        );

    public static Actor AsActor(this AppUser admin) =>
        new()
        {
            UserId = admin.Id,
            Name = admin.Email!,
            Via = AuthenticationMethod.Token,
            RolePermissions = Permissions.All,
            EffectivePermissions = Permissions.All,
        };

    public static Task<int> ActiveAdministratorsAsync(this AdminApp app) =>
        app.ReadAsync(db =>
            db.UserRoles.Where(held => db.Roles.Any(role => role.Id == held.RoleId && role.NormalizedName == "ADMIN"))
                .CountAsync(held => db.Users.Any(user => user.Id == held.UserId && user.Active && user.DeactivatedUntil == null))
        );
}
