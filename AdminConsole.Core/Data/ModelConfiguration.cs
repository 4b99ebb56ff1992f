using System.Text.Json;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Settings;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Data;

internal sealed class UserConfiguration : IEntityTypeConfiguration<AppUser>
{
    public void Configure(EntityTypeBuilder<AppUser> builder)
    {
        builder.ToTable("Users");
        builder.Ignore(user => user.SignInName);
        builder.Property(user => user.DisplayName).HasMaxLength(Limits.DisplayName);
        builder.Property(user => user.DeactivatedReason).HasMaxLength(Limits.Reason);
        // Identity's own index on the email is not unique.
        builder.HasIndex(user => user.NormalizedEmail).HasDatabaseName("EmailIndex").IsUnique();
        builder.HasIndex(user => user.DeactivatedUntil);
        // One index per sort order, with the id as tie-breaker. SearchSchema has the index for the last sign-in.
        builder.HasIndex(user => new { user.DisplayName, user.Id });
        builder.HasIndex(user => new { user.CreatedAt, user.Id });
        builder.HasIndex(user => new { user.UpdatedAt, user.Id });
        // Few users are inactive, so only queries for them benefit from an index.
        builder.HasIndex(user => user.Active).HasDatabaseName("IX_Users_Inactive").HasFilter("NOT \"Active\"");
        builder.HasIndex(user => user.LockoutEnd).HasFilter("\"LockoutEnd\" IS NOT NULL");
    }
}

internal sealed class RoleConfiguration : IEntityTypeConfiguration<AppRole>
{
    public void Configure(EntityTypeBuilder<AppRole> builder)
    {
        builder.ToTable("Roles");
        builder.Property(role => role.Permissions).IsJsonList();
        builder.Ignore(role => role.Effective);
    }
}

internal static class ListOfTexts
{
    public static void IsJsonList(this PropertyBuilder<List<string>> property) =>
        property.HasConversion(
            list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
            text => JsonSerializer.Deserialize<List<string>>(text, JsonSerializerOptions.Default)!,
            new ValueComparer<List<string>>((left, right) => left!.SequenceEqual(right!), list => list.Count, list => list.ToList())
        );
}

internal sealed class IdentityTables
    : IEntityTypeConfiguration<IdentityUserRole<Guid>>,
        IEntityTypeConfiguration<IdentityUserClaim<Guid>>,
        IEntityTypeConfiguration<IdentityUserLogin<Guid>>,
        IEntityTypeConfiguration<IdentityRoleClaim<Guid>>,
        IEntityTypeConfiguration<IdentityUserToken<Guid>>,
        IEntityTypeConfiguration<IdentityUserPasskey<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserRole<Guid>> builder)
    {
        builder.ToTable("UserRoles");
        // A role that was just assigned can't be deleted.
        builder.HasOne<AppRole>().WithMany().HasForeignKey(assignment => assignment.RoleId).IsRequired().OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<IdentityUserClaim<Guid>> builder) => builder.ToTable("UserClaims");

    public void Configure(EntityTypeBuilder<IdentityUserLogin<Guid>> builder) => builder.ToTable("UserLogins");

    public void Configure(EntityTypeBuilder<IdentityRoleClaim<Guid>> builder) => builder.ToTable("RoleClaims");

    public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> builder) => builder.ToTable("UserTokens");

    public void Configure(EntityTypeBuilder<IdentityUserPasskey<Guid>> builder) => builder.ToTable("UserPasskeys");
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.HasIndex(session => session.KeyHash).IsUnique();
        builder.HasIndex(session => session.ExpiresAt);
        builder.HasOne<AppUser>().WithMany().HasForeignKey(session => session.UserId);
    }
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

internal sealed class SignInBudgetConfiguration : IEntityTypeConfiguration<FailedAttemptBucket>
{
    public void Configure(EntityTypeBuilder<FailedAttemptBucket> builder)
    {
        builder.Property(budget => budget.Id).ValueGeneratedNever();
        builder.HasIndex(budget => budget.UserId);
    }
}

internal sealed class SignInFailureConfiguration : IEntityTypeConfiguration<FailedSignInAttempt>
{
    public void Configure(EntityTypeBuilder<FailedSignInAttempt> builder) =>
        builder.HasIndex(failure => new { failure.BudgetId, failure.At });
}

internal sealed class SpentTicketConfiguration : IEntityTypeConfiguration<ConsumedToken>
{
    public void Configure(EntityTypeBuilder<ConsumedToken> builder) => builder.HasIndex(ticket => ticket.ExpiresAt);
}

internal sealed class FactorConfiguration : IEntityTypeConfiguration<Authenticator>, IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<Authenticator> builder)
    {
        builder.HasKey(authenticator => authenticator.UserId);
        builder.HasOne<AppUser>().WithMany().HasForeignKey(authenticator => authenticator.UserId);
    }

    public void Configure(EntityTypeBuilder<RecoveryCode> builder)
    {
        builder.HasKey(code => new { code.UserId, code.Hash });
        builder.HasOne<AppUser>().WithMany().HasForeignKey(code => code.UserId);
    }
}

internal sealed class KnownBrowserConfiguration : IEntityTypeConfiguration<KnownBrowser>
{
    public void Configure(EntityTypeBuilder<KnownBrowser> builder)
    {
        // The hash comes first because it is also queried alone.
        builder.HasKey(browser => new { browser.KeyHash, browser.UserId });
        builder.HasOne<AppUser>().WithMany().HasForeignKey(browser => browser.UserId);
    }
}

internal sealed class PersonalAccessTokenConfiguration : IEntityTypeConfiguration<PersonalAccessToken>
{
    public void Configure(EntityTypeBuilder<PersonalAccessToken> builder)
    {
        builder.Property(token => token.Name).HasMaxLength(Limits.TokenName);
        builder.Property(token => token.Scopes).IsJsonList();
        // Looked up by the public prefix. The hash is then compared in constant time, not by the database.
        builder.HasIndex(token => token.Prefix);
        builder.HasIndex(token => token.LineageId);
        builder.HasIndex(token => token.ExpiresAt);
        builder.HasOne<AppUser>().WithMany().HasForeignKey(token => token.OwnerId);
    }
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

internal sealed class ServerKeysConfiguration : IEntityTypeConfiguration<ServerSecret>, IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<ServerSecret> builder) => builder.HasKey(secret => secret.Name);

    public void Configure(EntityTypeBuilder<DataProtectionKey> builder) => builder.HasKey(key => key.Id);
}
