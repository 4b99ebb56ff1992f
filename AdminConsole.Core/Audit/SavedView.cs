namespace AdminConsole.Core.Audit;

/// <summary>Filters of the audit log that a person gave a name, for themselves.</summary>
public sealed class SavedView
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required string Name { get; set; }

    /// <summary>The name in capitals: "Failures" and "failures" would be one too many.</summary>
    public required string NormalizedName { get; set; }

    /// <summary>The <see cref="Contracts.AuditQuery"/> as JSON, without what is not set.</summary>
    public required string Query { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
