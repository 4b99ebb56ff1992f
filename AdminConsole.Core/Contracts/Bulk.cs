using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>Applies one action to many users.</summary>
public sealed record BulkRequest
{
    /// <summary>The ids of 1 to 10,000 users. Duplicates are ignored.</summary>
    [Required]
    public IReadOnlyList<Guid> Ids { get; init; } = [];

    /// <summary>The action to apply to each user.</summary>
    [Required]
    public string Action { get; init; } = "";

    /// <summary>The role; only for <c>add-role</c> and <c>remove-role</c>.</summary>
    public string? Role { get; init; }

    /// <summary>The reason; only for <c>deactivate</c> and <c>lockdown</c>.</summary>
    [StringLength(Limits.Reason)]
    public string? Reason { get; init; }

    /// <summary>True reports which users would be refused, and why, without writing anything.</summary>
    public bool DryRun { get; init; }
}

/// <summary>The result of a bulk action. Each id is in exactly one of the two lists.</summary>
public sealed record BulkResult(IReadOnlyList<Guid> Applied, IReadOnlyList<BulkRefusal> Refused)
{
    /// <summary>The batch id of the audit events; null after a dry run.</summary>
    [JsonIgnore]
    public Guid? BatchId { get; init; }
}

/// <summary>A user or other item to which the action was not applied, with the code of the refusal.</summary>
public sealed record BulkRefusal(Guid Id, string Code)
{
    /// <summary>The refusal as one sentence for the user.</summary>
    [JsonIgnore]
    public string Message { get; init; } = "";
}

/// <summary>The progress of a bulk action.</summary>
public sealed record BulkProgress(int Done, int Total);
