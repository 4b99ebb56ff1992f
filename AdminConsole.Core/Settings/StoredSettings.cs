using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Settings;

/// <summary>The single row of settings. Stored as JSON, so a new setting needs no migration and has its default
/// value.</summary>
public sealed class StoredSettings
{
    public const int RowId = 1;

    public required int Id { get; init; }

    public required string Json { get; set; }
}

internal sealed class SettingsConfiguration : IEntityTypeConfiguration<StoredSettings>
{
    public void Configure(EntityTypeBuilder<StoredSettings> builder)
    {
        builder.ToTable("Settings");
        builder.Property(row => row.Id).ValueGeneratedNever();
        // When two administrators save at once, the second save is retried, and its audit event shows the values of the
        // first.
        builder.Property(row => row.Json).IsConcurrencyToken();
    }
}
