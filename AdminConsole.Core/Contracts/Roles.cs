using System.ComponentModel.DataAnnotations;

namespace AdminConsole.Core.Contracts;

/// <summary>A set of permissions that users hold together.</summary>
public sealed record RoleSummary(string Name, string Description, bool BuiltIn, IReadOnlyList<string> Permissions, int Users);

/// <summary>A right and what it lets its holder do.</summary>
public sealed record PermissionSummary(string Name, string Description);

/// <summary>What a role shall be: creates one, or replaces all of one.</summary>
public sealed record RoleRequest
{
    /// <summary>Letters or digits of any script, with spaces and . - _ between them. A name that looks like another
    /// role's is refused.</summary>
    [Required, StringLength(Limits.RoleName)]
    public string Name { get; init; } = "";

    [StringLength(Limits.RoleDescription)]
    public string? Description { get; init; }

    /// <summary>Names of permissions; one cannot give a role a right that one does not hold.</summary>
    [Required]
    public IReadOnlyList<string> Permissions { get; init; } = [];
}
