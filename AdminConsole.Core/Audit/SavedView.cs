using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Audit;

/// <summary>Audit log filters that a user has named and saved for their own use.</summary>
public sealed class SavedView
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required string Name { get; set; }

    /// <summary>The case-folded name, unique per user: "Failures" and "failures" are duplicates.</summary>
    public required string NormalizedName { get; set; }

    /// <summary>The <see cref="Contracts.AuditQuery"/> as JSON, without unset filters.</summary>
    public required string Query { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class SavedViewConfiguration : IEntityTypeConfiguration<SavedView>
{
    public void Configure(EntityTypeBuilder<SavedView> builder)
    {
        builder.Property(view => view.Name).HasMaxLength(Limits.ViewName);
        builder.Property(view => view.NormalizedName).HasMaxLength(Limits.ViewName);
        builder.HasIndex(view => new { view.UserId, view.NormalizedName }).IsUnique();
        builder.HasOne<AppUser>().WithMany().HasForeignKey(view => view.UserId);
    }
}
