using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Settings;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Providers;

/// <summary>The roles whose users must sign in with an identity provider. Their passwords and passkeys no longer work,
/// except for break-glass accounts.</summary>
public sealed class RequiredProviders(AppDbContext db, LastAdministratorRule administrators, TimeProvider clock)
{
    /// <summary>The refusal of a sign-in with a password or passkey.</summary>
    public static readonly Refusal Required = Refusal.Unauthenticated(
        "provider_required",
        "Your role requires you to sign in with your identity provider."
    );

    private static readonly Refusal NoBreakGlass = Refusal.Conflict(
        "break_glass_required",
        "Mark at least one active administrator with a password or passkey as a break-glass account first."
    );

    public async Task<Result<RequiredProviderRoles>> GetAsync(Actor actor, CancellationToken ct) =>
        actor.Require(Permissions.DirectoryWrite) is { } refused
            ? refused
            : new RequiredProviderRoles { Roles = (await db.SettingsAsync(ct)).ProviderRequiredRoles };

    /// <summary>Replaces the roles, with effect from the next sign-in. Refused as <c>unknown_role</c>,
    /// <c>no_provider</c>, or <c>break_glass_required</c> if no active administrator could sign in without a
    /// provider.</summary>
    public async Task<Result<RequiredProviderRoles>> ReplaceAsync(Actor actor, RequiredProviderRoles request, CancellationToken ct) =>
        actor.Require(Permissions.DirectoryWrite)
        ?? actor.RequireRecentSignIn(clock.Now())
        ?? Validation.Check(request)
        ?? await db.ChangeAsync<RequiredProviderRoles>(
            actor,
            Permissions.DirectoryWrite,
            async change =>
            {
                var named = await NamesAsync(request.Roles, ct);
                if (named.Refusal is { } unknown)
                {
                    return unknown;
                }

                if (named.Value.Count > 0 && !await db.IdentityProviders.AnyAsync(ct))
                {
                    return Refusal.Conflict("no_provider", "Add an identity provider first.");
                }

                await SettingsStore.WriteAsync(db, change, before => before with { ProviderRequiredRoles = named.Value }, ct);
                return named.Value.Count == 0 || await administrators.HoldsAsync(change, ct)
                    ? new RequiredProviderRoles { Roles = named.Value }
                    : NoBreakGlass;
            },
            ct,
            ChangeLock.Administrators
        );

    /// <summary>Counts the users affected if these roles required an identity provider. Refused as
    /// <c>unknown_role</c>.</summary>
    public async Task<Result<RequiredProviderImpact>> ImpactAsync(Actor actor, IReadOnlyList<string> roles, CancellationToken ct)
    {
        if ((actor.Require(Permissions.DirectoryWrite) ?? Validation.Check(new RequiredProviderRoles { Roles = roles })) is { } refused)
        {
            return refused;
        }

        var named = await NamesAsync(roles, ct);
        if (named.Refusal is { } unknown)
        {
            return unknown;
        }

        var names = named.Value;
        var holders = db.Users.Where(user =>
            user.Active
            && db.UserRoles.Any(assignment =>
                assignment.UserId == user.Id && db.Roles.Any(role => role.Id == assignment.RoleId && names.Contains(role.Name!))
            )
        );
        var affected = holders.Where(user => !user.BreakGlass);
        return new RequiredProviderImpact(
            await holders.CountAsync(ct),
            await affected.CountAsync(user => !db.UserLogins.Any(login => login.UserId == user.Id), ct),
            await holders.CountAsync(user => user.BreakGlass, ct),
            await affected.AnyAsync(user => user.Id == actor.UserId, ct)
        );
    }

    /// <summary>Returns true if the user must sign in with a provider.</summary>
    internal static async Task<bool> AppliesAsync(AppDbContext db, AppUser user, CancellationToken ct)
    {
        var required = (await db.SettingsAsync(ct)).ProviderRequiredRoles;
        return required.Count > 0
            && !user.BreakGlass
            && await RoleHierarchy.RolesOf(db, user.Id).AnyAsync(role => required.Contains(role.Name!), ct);
    }

    // The names as the roles spell them.
    private async Task<Result<List<string>>> NamesAsync(IReadOnlyList<string> given, CancellationToken ct)
    {
        var roles = await db.Roles.AsNoTracking().Select(role => new { role.Name, role.NormalizedName }).ToListAsync(ct);
        var names = new List<string>();
        foreach (var name in given)
        {
            if (roles.Find(role => role.NormalizedName == AppUser.Normalize(name)) is not { } role)
            {
                return Refusal.Invalid("unknown_role", $"The role '{name}' doesn't exist.");
            }

            names.Add(role.Name!);
        }

        return names.Distinct().ToList();
    }
}
