using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Providers;

/// <summary>A rule of a provider: members of the group get the role at their sign-in.</summary>
public sealed class GroupRoleRule
{
    public required Guid ProviderId { get; init; }

    /// <summary>The group as the provider spells it, compared exactly.</summary>
    public required string Group { get; init; }

    public required Guid RoleId { get; init; }

    /// <summary>Records, inside the change that deletes a role, that its rules end with it. The database deletes the
    /// rules.</summary>
    internal static async Task RecordRoleDeletedAsync(AppDbContext db, ChangeContext change, AppRole role, CancellationToken ct)
    {
        var rules = await db.GroupRoleRules.AsNoTracking().Where(rule => rule.RoleId == role.Id).ToListAsync(ct);
        foreach (var ofProvider in rules.GroupBy(rule => rule.ProviderId))
        {
            var provider = await db.IdentityProviders.SingleAsync(row => row.Id == ofProvider.Key, ct);
            provider.ChangeRules(provider.RuleMode, change.At);
            change.Record(
                AuditActions.ProviderUpdated,
                provider.AsTarget(),
                new { rulesRemoved = ofProvider.Select(rule => new GroupRule(rule.Group, role.Name!)), reason = "the role was deleted" }
            );
        }
    }
}

internal sealed class GroupRoleRuleConfiguration : IEntityTypeConfiguration<GroupRoleRule>
{
    public void Configure(EntityTypeBuilder<GroupRoleRule> builder)
    {
        builder.ToTable("GroupRoleRules");
        builder.HasKey(rule => new
        {
            rule.ProviderId,
            rule.Group,
            rule.RoleId,
        });
        builder.Property(rule => rule.Group).HasMaxLength(Limits.GroupName);
        builder.HasOne<IdentityProvider>().WithMany().HasForeignKey(rule => rule.ProviderId);
        builder.HasOne<AppRole>().WithMany().HasForeignKey(rule => rule.RoleId);
    }
}
