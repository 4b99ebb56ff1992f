using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Email;

internal sealed class EmailConfiguration : IEntityTypeConfiguration<OutboxMail>, IEntityTypeConfiguration<NewDeviceAlert>
{
    public void Configure(EntityTypeBuilder<OutboxMail> builder)
    {
        builder.ToTable("OutboxMails");
        builder.Property(mail => mail.Kind).HasMaxLength(40);
        builder.Property(mail => mail.State).HasMaxLength(10);
        builder.Property(mail => mail.Recipient).HasMaxLength(Limits.Email);
        // For the due emails, longest due first.
        builder.HasIndex(mail => new
        {
            mail.State,
            mail.DueAt,
            mail.Id,
        });
    }

    public void Configure(EntityTypeBuilder<NewDeviceAlert> builder)
    {
        builder.ToTable("SignInAlerts");
        builder.HasIndex(alert => alert.SecretHash).IsUnique();
        builder.HasOne<AppUser>().WithMany().HasForeignKey(alert => alert.UserId);
    }
}
