using System.ComponentModel.DataAnnotations;

namespace AdminConsole.Core.Contracts;

/// <summary>A role: a named set of permissions, with the number of users who have it.</summary>
public sealed record RoleSummary(string Name, string Description, bool BuiltIn, IReadOnlyList<string> Permissions, int Users);

/// <summary>A permission and its description.</summary>
public sealed record PermissionSummary(string Name, string Description);

/// <summary>Creates a role, or replaces a role completely.</summary>
public sealed record RoleRequest
{
    /// <summary>Letters or digits of any script, separated by spaces, <c>.</c>, <c>-</c> or <c>_</c>. Names that look
    /// like the name of another role are refused.</summary>
    [Required, StringLength(Limits.RoleName)]
    public string Name { get; init; } = "";

    [StringLength(Limits.RoleDescription)]
    public string? Description { get; init; }

    /// <summary>Names of permissions. Callers can only grant permissions that they have.</summary>
    [Required]
    public IReadOnlyList<string> Permissions { get; init; } = [];
}
