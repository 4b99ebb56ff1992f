using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Roles;

/// <summary>A named set of permissions that is assigned to users.</summary>
public sealed class AppRole : IdentityRole<Guid>
{
    public const string Admin = "Admin";
    public const string Operator = "Operator";
    public const string User = "User";

    public string Description { get; private set; } = "";

    public bool BuiltIn { get; private init; }

    /// <summary>The stored permissions. Use <see cref="Effective"/> for the permissions that the role grants.</summary>
    public List<string> Permissions { get; private set; } = [];

    /// <summary>The permissions that the role grants. Admin has all permissions, including those added by later
    /// versions.</summary>
    public IReadOnlyCollection<string> Effective =>
        BuiltIn && Name == Admin ? (IReadOnlyCollection<string>)Security.Permissions.All : Permissions;

    public static AppRole Create(string name, string description, IEnumerable<string> permissions, bool builtIn, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            Name = name,
            NormalizedName = Users.AppUser.Normalize(name),
            ConcurrencyStamp = Security.Secret.Create(),
            Description = description,
            BuiltIn = builtIn,
            Permissions = [.. permissions],
        };

    public void Change(string name, string description, IEnumerable<string> permissions)
    {
        (Name, NormalizedName) = (name, Users.AppUser.Normalize(name));
        (Description, Permissions) = (description, [.. permissions]);
        ConcurrencyStamp = Security.Secret.Create();
    }

    public RoleSummary ToSummary(int users) => new(Name!, Description, BuiltIn, [.. Effective.Order(StringComparer.Ordinal)], users);

    /// <summary>True for the built-in role Admin, which has every permission.</summary>
    public bool IsAdmin => BuiltIn && Name == Admin;

    public AuditTarget AsTarget() => new(AuditTargetTypes.Role, Id.ToString(), Name);
}

internal sealed class RoleConfiguration : IEntityTypeConfiguration<AppRole>
{
    public void Configure(EntityTypeBuilder<AppRole> builder)
    {
        builder.ToTable("Roles");
        builder.Property(role => role.Permissions).IsJsonList();
        builder.Ignore(role => role.Effective);
        builder.Ignore(role => role.IsAdmin);
    }
}
