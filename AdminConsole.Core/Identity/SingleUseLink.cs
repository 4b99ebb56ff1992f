using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Identity;

/// <summary>A single-use link that sets a password or confirms an email. Only the hash of its secret is
/// stored.</summary>
public sealed class SingleUseLink
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>One of the purposes of <see cref="SingleUseTokens"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>The name that the link works with: the email, or the username of an account without one. For an email
    /// change, the new email. Null in rows of earlier versions, which a change of the address revokes.</summary>
    public string? Name { get; init; }

    public required byte[] SecretHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }

    // The previous version uses these columns instead of the purpose. It may run alongside this version, so both
    // columns remain for one release.
    internal bool IsInvitation { get; init; }
    internal bool IsSelfMade { get; init; }

    /// <summary>Returns the expiry of a link that is issued at this time. Invitations have a longer lifetime
    /// instead.</summary>
    internal static DateTimeOffset ExpiryOf(DateTimeOffset at, SystemSettings settings) => at.AddMinutes(settings.PasswordResetMinutes);
}

internal sealed class SingleUseLinkConfiguration : IEntityTypeConfiguration<SingleUseLink>
{
    public void Configure(EntityTypeBuilder<SingleUseLink> builder)
    {
        builder.ToTable("PasswordResets");
        // The previous version, which may run side by side, inserts rows without a purpose.
        builder.Property(link => link.Purpose).HasMaxLength(20).HasDefaultValue(SingleUseTokens.Reset);
        builder.Property(link => link.Name).HasColumnName("Email").HasMaxLength(Limits.Email);
        builder.Property(link => link.IsInvitation);
        builder.Property(link => link.IsSelfMade);
        builder.HasIndex(link => link.SecretHash).IsUnique();
        builder.HasOne<AppUser>().WithMany().HasForeignKey(link => link.UserId);
    }
}
