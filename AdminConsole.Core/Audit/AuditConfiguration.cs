using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Audit;

// No foreign keys: the log outlives the rows it refers to. docs/performance.md explains each index.
internal sealed class AuditConfiguration
    : IEntityTypeConfiguration<AuditEvent>,
        IEntityTypeConfiguration<AuditHead>,
        IEntityTypeConfiguration<AuditTimeBlock>,
        IEntityTypeConfiguration<AuditCursor>,
        IEntityTypeConfiguration<QuarantinedEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        builder.Property(entry => entry.Id).ValueGeneratedNever();
        builder.HasIndex(entry => new { entry.Action, entry.Id });
        builder.HasIndex(entry => new { entry.ActorId, entry.Id }).HasFilter("\"ActorId\" IS NOT NULL");
        builder.HasIndex(entry => new { entry.TargetId, entry.Id }).HasFilter("\"TargetId\" IS NOT NULL");
        builder.HasIndex(entry => new { entry.SessionId, entry.Id }).HasFilter("\"SessionId\" IS NOT NULL");
        builder.HasIndex(entry => new { entry.RequestId, entry.Id }).HasFilter("\"RequestId\" IS NOT NULL");
        builder.HasIndex(entry => new { entry.BatchId, entry.Id }).HasFilter("\"BatchId\" IS NOT NULL");
        builder.HasIndex(entry => new { entry.Ip, entry.Id }).HasFilter("\"Ip\" IS NOT NULL");
        builder.HasIndex(entry => entry.At);
    }

    public void Configure(EntityTypeBuilder<AuditHead> builder)
    {
        builder.Property(head => head.Id).ValueGeneratedNever();
        builder.Property(head => head.Epoch).HasDefaultValue(0L);
        // Ignores any other row, which could block every change or be mistaken for the head.
        builder.HasQueryFilter(head => head.Id == AuditHead.RowId);
    }

    public void Configure(EntityTypeBuilder<AuditTimeBlock> builder)
    {
        builder.ToTable("AuditSpans");
        builder.HasKey(span => span.Block);
        builder.Property(span => span.Block).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<AuditCursor> builder) => builder.HasKey(cursor => cursor.Name);

    public void Configure(EntityTypeBuilder<QuarantinedEvent> builder)
    {
        builder.ToTable("AuditQuarantine");
        builder.HasIndex(entry => entry.EventId);
    }
}
