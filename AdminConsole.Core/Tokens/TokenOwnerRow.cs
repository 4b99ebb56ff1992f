using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Tokens;

/// <summary>The active owner of a token, and what they hold now.</summary>
internal sealed record TokenOwnerRow(AppUser User, IReadOnlyList<AppRole> Roles)
{
    /// <summary>Null where the owner is deactivated.</summary>
    public static async Task<TokenOwnerRow?> ReadAsync(AppDbContext db, Guid ownerId, CancellationToken ct)
    {
        // One query, so that the roles are those of the moment the user was active.
        var row = await db.Users.AsNoTracking().Where(user => user.Id == ownerId && user.Active)
            .Select(user => new
            {
                User = user,
                Roles = db.UserRoles.Where(held => held.UserId == user.Id).Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role).ToList(),
            })
            .SingleOrDefaultAsync(ct);
        return row is null ? null : new TokenOwnerRow(row.User, row.Roles);
    }

    /// <summary>The owner, cut to the token's scopes.</summary>
    public Actor ToActor(PersonalAccessToken token)
    {
        var held = Standing.Held(Roles);
        var permissions = token.Scopes.Where(held.Contains).ToHashSet();
        return new Actor
        {
            UserId = User.Id,
            Name = User.Email!,
            Via = Via.Token,
            TokenId = token.Id,
            Held = held,
            Permissions = permissions,
            MustChangePassword = User.MustChangePassword,
            Me = new Me(User.Id, User.Email!, User.UserName!, User.DisplayName, [.. Roles.Select(role => role.Name!).Order(StringComparer.Ordinal)],
                [.. permissions.Order(StringComparer.Ordinal)], Via.Token, User.MustChangePassword, User.TwoFactorEnabled),
        };
    }
}
