using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Providers;

/// <summary>The roles that the rules of a provider give and take at a sign-in, each with the group of its rule.</summary>
/// <param name="Added">The roles to assign.</param>
/// <param name="Removed">The roles to remove; the group is that of the first rule that names the role.</param>
public sealed record RoleChanges(IReadOnlyList<GroupRule> Added, IReadOnlyList<GroupRule> Removed);

/// <summary>Applies the rules of a provider to the user who signs in.</summary>
public sealed class GroupRoleAssignment(AppDbContext db, AppUserManager users, LastAdministratorRule administrators)
{
    /// <summary>Returns the changes for a user with these roles. Reads only.</summary>
    public async Task<RoleChanges> EvaluateAsync(
        IdentityProvider provider,
        IReadOnlyCollection<string> held,
        IReadOnlyCollection<string> groups,
        CancellationToken ct
    )
    {
        var rules = await ProviderRules.RulesAsync(db, provider.Id, ct);
        var matched = rules.FindAll(rule => groups.Contains(rule.Group)).DistinctBy(rule => rule.Role).ToList();
        var added = matched.FindAll(rule => !held.Contains(rule.Role));
        var removed =
            provider.RuleMode == RuleModes.Adds
                ? []
                : rules.FindAll(rule => held.Contains(rule.Role) && !matched.Exists(other => other.Role == rule.Role));
        return new RoleChanges(added, [.. removed.DistinctBy(rule => rule.Role)]);
    }

    /// <summary>Applies the rules inside a change that holds <see cref="ChangeLock.Administrators"/>. The last
    /// administrator keeps the role.</summary>
    internal async Task<Refusal?> ApplyAsync(
        ChangeContext change,
        IdentityProvider provider,
        AppUser user,
        IReadOnlyCollection<string> groups,
        CancellationToken ct
    )
    {
        var changes = await EvaluateAsync(provider, [.. await users.GetRolesAsync(user)], groups, ct);
        foreach (var rule in changes.Added)
        {
            if ((await users.AddToRoleAsync(user, rule.Role)).ToRefusal("roles") is { } refused)
            {
                return refused;
            }

            Record(change, AuditActions.UserRoleAdded, provider, user, rule);
        }

        foreach (var rule in changes.Removed)
        {
            if ((await users.RemoveFromRoleAsync(user, rule.Role)).ToRefusal("roles") is { } refused)
            {
                return refused;
            }

            if (rule.Role != AppRole.Admin || await administrators.HoldsAsync(change, ct))
            {
                Record(change, AuditActions.UserRoleRemoved, provider, user, rule);
            }
            else if ((await users.AddToRoleAsync(user, rule.Role)).ToRefusal("roles") is { } notRestored)
            {
                return notRestored;
            }
        }

        return null;
    }

    private static void Record(ChangeContext change, string action, IdentityProvider provider, AppUser user, GroupRule rule) =>
        change.Record(
            action,
            user.AsTarget(),
            new
            {
                role = rule.Role,
                provider = provider.Name,
                rule = new { provider = provider.Name, group = rule.Group },
            },
            change.Actor.WithUser(user.Id, user.SignInName)
        );
}
