using AdminConsole.Core.Data;
using AdminConsole.Core.Names;
using AdminConsole.Core.Roles;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

/// <summary>
/// People tell roles apart by how their names look, so a name that looks like another role's is refused, as <c>duplicate_role</c>.
/// </summary>
public sealed class RoleRules(AppDbContext db) : IRoleValidator<AppRole>
{
    public async Task<IdentityResult> ValidateAsync(RoleManager<AppRole> manager, AppRole role)
    {
        var others = await db.Roles.AsNoTracking().Where(other => other.Id != role.Id)
            .Select(other => new { other.Name, other.NormalizedName, other.BuiltIn }).ToListAsync(db.CurrentToken);
        return (others.Exists(other => other.NormalizedName == role.NormalizedName)
            ? Refusal.Conflict("duplicate_role", $"The role '{role.Name}' already exists.")
            : others.Find(other => Confusables.AreAlike(role.Name!, other.Name!, ignoreMarks: other.BuiltIn)) is { } alike
                ? Refusal.Conflict("duplicate_role", $"This name looks like the role '{alike.Name}'. Choose another.")
            : null).ToIdentityResult();
    }
}
