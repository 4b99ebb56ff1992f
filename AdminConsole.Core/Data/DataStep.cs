using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Data;

/// <summary>A completed change of stored data that SQL can't make. Each runs once, at start, under the migration
/// lock.</summary>
public sealed class DataStep
{
    public required string Name { get; init; }

    public required DateTimeOffset DoneAt { get; init; }
}

internal sealed class DataStepConfiguration : IEntityTypeConfiguration<DataStep>
{
    public void Configure(EntityTypeBuilder<DataStep> builder)
    {
        builder.HasKey(step => step.Name);
        builder.Property(step => step.Name).HasMaxLength(50);
    }
}
