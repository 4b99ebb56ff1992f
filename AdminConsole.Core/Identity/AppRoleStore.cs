using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

/// <summary>Identity's role store, which writes only inside a change. See <see cref="AppUserStore"/>.</summary>
public sealed class AppRoleStore : RoleStore<AppRole, AppDbContext, Guid, IdentityUserRole<Guid>, IdentityRoleClaim<Guid>>
{
    public AppRoleStore(AppDbContext db, IdentityErrorDescriber errors)
        : base(db, errors) => AutoSaveChanges = false;

    public override Task<IdentityResult> CreateAsync(AppRole role, CancellationToken cancellationToken = default)
    {
        Context.RequireChange();
        Context.Add(role);
        return Task.FromResult(IdentityResult.Success);
    }

    public override Task<IdentityResult> UpdateAsync(AppRole role, CancellationToken cancellationToken = default)
    {
        RequireTracked(role);
        return Task.FromResult(IdentityResult.Success);
    }

    public override Task<IdentityResult> DeleteAsync(AppRole role, CancellationToken cancellationToken = default)
    {
        RequireTracked(role);
        Context.Remove(role);
        return Task.FromResult(IdentityResult.Success);
    }

    private void RequireTracked(AppRole role)
    {
        Context.RequireChange();
        if (Context.Entry(role).State == EntityState.Detached)
        {
            throw new InvalidOperationException("The role was loaded before the change. Load it again inside the change.");
        }
    }
}
