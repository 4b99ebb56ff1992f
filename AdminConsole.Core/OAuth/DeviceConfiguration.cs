using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.OAuth;

internal sealed class DeviceConfiguration : IEntityTypeConfiguration<ConnectedDevice>, IEntityTypeConfiguration<DeviceRequest>
{
    public void Configure(EntityTypeBuilder<ConnectedDevice> builder)
    {
        builder.Property(device => device.Name).HasMaxLength(Limits.DeviceName);
        builder.Property(device => device.ClientId).HasMaxLength(Limits.ClientId);
        builder.Property(device => device.Scopes).IsJsonList();
        builder.HasIndex(device => device.ExpiresAt);
        builder.HasQueryFilter(device => device.EndedAt == null);
        builder.HasOne<AppUser>().WithMany().HasForeignKey(device => device.UserId);
    }

    public void Configure(EntityTypeBuilder<DeviceRequest> builder)
    {
        builder.Property(request => request.Name).HasMaxLength(Limits.DeviceName);
        builder.Property(request => request.ClientId).HasMaxLength(Limits.ClientId);
        builder.Property(request => request.Scopes).IsJsonList();
        builder.Property(request => request.State).HasConversion<string>().HasMaxLength(16);
        builder.HasIndex(request => request.CodeHash).IsUnique();
        builder.HasIndex(request => request.UserCodeHash).IsUnique();
        builder.HasIndex(request => request.ExpiresAt);
        builder.HasOne<AppUser>().WithMany().HasForeignKey(request => request.DecidedById).OnDelete(DeleteBehavior.Cascade);
    }
}
