using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Providers;

/// <summary>The rules of a provider, which give roles to the members of its groups.</summary>
public sealed class ProviderRules(AppDbContext db, TimeProvider clock)
{
    public async Task<Result<GroupRules>> GetAsync(Actor actor, Guid id, CancellationToken ct) =>
        actor.Require(Permissions.DirectoryWrite) is { } refused ? refused
        : await db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) is { } provider
            ? new GroupRules { Mode = provider.RuleMode, Rules = await RulesAsync(db, id, ct) }
        : IdentityProviders.NoSuchProvider;

    /// <summary>Replaces all rules, with effect from the next sign-in. A role that the actor may not assign is refused
    /// as <c>above_you</c>, in new rules and in those that are removed. Also refused as <c>unknown_role</c> or
    /// <c>validation_failed</c>.</summary>
    public async Task<Result<GroupRules>> ReplaceAsync(Actor actor, Guid id, GroupRules request, CancellationToken ct) =>
        actor.Require(Permissions.DirectoryWrite)
        ?? actor.Require(Permissions.RolesAssign)
        ?? actor.RequireRecentSignIn(clock.Now())
        ?? Check(request)
        ?? await db.ChangeAsync<GroupRules>(
            actor,
            Permissions.DirectoryWrite,
            async change =>
            {
                if (change.Actor.Require(Permissions.RolesAssign) is { } denied)
                {
                    return denied;
                }

                if (await db.IdentityProviders.SingleOrDefaultAsync(row => row.Id == id, ct) is not { } provider)
                {
                    return IdentityProviders.NoSuchProvider;
                }

                var before = await RulesAsync(db, id, ct);
                var roles = await db.Roles.AsNoTracking().ToListAsync(ct);
                var wanted = new List<GroupRule>();
                foreach (var rule in request.Rules)
                {
                    if (roles.Find(role => role.NormalizedName == AppUser.Normalize(rule.Role)) is not { } role)
                    {
                        return Refusal.Invalid("unknown_role", $"The role '{rule.Role}' doesn't exist.");
                    }

                    wanted.Add(new GroupRule(rule.Group.Trim(), role.Name!));
                }

                var after = wanted.Distinct().ToList();
                var (added, removed) = (after.Except(before).ToList(), before.Except(after).ToList());
                // In authoritative mode, a rule also takes its role away, so the mode concerns every role of a rule.
                var touched = provider.RuleMode == request.Mode ? added.Concat(removed) : after.Concat(before);
                var names = touched.Select(rule => rule.Role).ToHashSet();
                if (!roles.Where(role => names.Contains(role.Name!)).All(role => change.Actor.Covers(role.Effective)))
                {
                    return Refusals.ExceedsActorPermissions;
                }

                if (names.Count > 0 || provider.RuleMode != request.Mode)
                {
                    await WriteAsync(change, provider, request.Mode, roles, added, removed, ct);
                    await db.SaveChangesAsync(ct);
                }

                return request with
                {
                    Rules = await RulesAsync(db, id, ct),
                };
            },
            ct
        );

    private async Task WriteAsync(
        ChangeContext change,
        IdentityProvider provider,
        string mode,
        List<AppRole> roles,
        List<GroupRule> added,
        List<GroupRule> removed,
        CancellationToken ct
    )
    {
        var changes = FieldChange.Between(new FieldChange("ruleMode", provider.RuleMode, mode));
        provider.ChangeRules(mode, change.At);
        Guid RoleOf(GroupRule rule) => roles.Single(role => role.Name == rule.Role).Id;
        foreach (var rule in removed)
        {
            var roleId = RoleOf(rule);
            db.Remove(
                await db.GroupRoleRules.SingleAsync(
                    row => row.ProviderId == provider.Id && row.Group == rule.Group && row.RoleId == roleId,
                    ct
                )
            );
        }

        db.AddRange(
            added.Select(rule => new GroupRoleRule
            {
                ProviderId = provider.Id,
                Group = rule.Group,
                RoleId = RoleOf(rule),
            })
        );
        change.Record(
            AuditActions.ProviderUpdated,
            provider.AsTarget(),
            new
            {
                changes,
                rulesAdded = added,
                rulesRemoved = removed,
            }
        );
    }

    /// <summary>Returns the rules of a provider, by group and role.</summary>
    internal static async Task<List<GroupRule>> RulesAsync(AppDbContext db, Guid id, CancellationToken ct) =>
        await db
            .GroupRoleRules.Where(rule => rule.ProviderId == id)
            .Join(db.Roles, rule => rule.RoleId, role => role.Id, (rule, role) => new { rule.Group, Role = role.Name! })
            .OrderBy(rule => rule.Group)
            .ThenBy(rule => rule.Role)
            .Select(rule => new GroupRule(rule.Group, rule.Role))
            .ToListAsync(ct);

    private static Refusal? Check(GroupRules request) =>
        Validation.Check(request)
        ?? (RuleModes.All.Contains(request.Mode) ? null : Refusal.InvalidField("mode", "Use adds or authoritative."))
        ?? (
            request.Rules.All(rule => rule is { Group: not null, Role: not null } && ProviderInput.IsGroup(rule.Group.Trim()))
                ? null
                : Refusal.InvalidField("rules", $"Every rule has a role, and a group of 1 to {Limits.GroupName} characters.")
        );
}
