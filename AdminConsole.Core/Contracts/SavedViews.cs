using System.ComponentModel.DataAnnotations;

namespace AdminConsole.Core.Contracts;

/// <summary>Filters of the audit log under a name of one's own.</summary>
public sealed record SavedAuditView(Guid Id, string Name, AuditQuery Query);

/// <summary>What to call the present filters.</summary>
public sealed record SaveViewRequest
{
    [Required, StringLength(Limits.ViewName, MinimumLength = 1)]
    public string Name { get; init; } = "";
}
