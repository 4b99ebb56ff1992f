using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>One act on many users.</summary>
public sealed record BulkRequest
{
    /// <summary>1 to 10,000 users; the same one twice counts once.</summary>
    [Required]
    public IReadOnlyList<Guid> Ids { get; init; } = [];

    /// <summary>What to do to each of them.</summary>
    [Required]
    public string Action { get; init; } = "";

    /// <summary>For <c>add-role</c> and <c>remove-role</c>.</summary>
    public string? Role { get; init; }

    /// <summary>For <c>deactivate</c> and <c>lockdown</c>.</summary>
    [StringLength(Limits.Reason)]
    public string? Reason { get; init; }

    /// <summary>Only says who would be refused and why; nothing is written.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What became of an act on many: each id is in one of the two lists.</summary>
public sealed record BulkResult(IReadOnlyList<Guid> Applied, IReadOnlyList<BulkRefusal> Refused)
{
    /// <summary>Links the audit events; null after a dry run.</summary>
    [JsonIgnore]
    public Guid? BatchId { get; init; }
}

/// <summary>One that was left as it is, and the code of the rule that says so.</summary>
public sealed record BulkRefusal(Guid Id, string Code)
{
    /// <summary>The rule in one sentence, for a person.</summary>
    [JsonIgnore]
    public string Message { get; init; } = "";
}

/// <summary>How far an act on many has come.</summary>
public sealed record BulkProgress(int Done, int Total);
