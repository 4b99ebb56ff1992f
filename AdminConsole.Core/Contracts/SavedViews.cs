using System.ComponentModel.DataAnnotations;

namespace AdminConsole.Core.Contracts;

/// <summary>A named set of audit log filters, saved by the caller.</summary>
public sealed record SavedAuditView(Guid Id, string Name, AuditQuery Query);

/// <summary>Renames a saved view.</summary>
public sealed record SaveViewRequest
{
    [Required, StringLength(Limits.ViewName, MinimumLength = 1)]
    public string Name { get; init; } = "";
}

/// <summary>Saves audit log filters under a name.</summary>
public sealed record CreateViewRequest
{
    [Required, StringLength(Limits.ViewName, MinimumLength = 1)]
    public string Name { get; init; } = "";

    public ViewFilters Query { get; init; } = new();
}

/// <summary>The filters of the audit log, without paging.</summary>
public sealed record ViewFilters
{
    /// <summary>An action, a group of actions with a trailing dot, or several of both separated by commas:
    /// <c>role.,user.role_added</c>.</summary>
    [StringLength(Limits.Search)]
    public string? Action { get; init; }

    /// <summary>A user's id, or any part of the actor's name as recorded with the event.</summary>
    [StringLength(Limits.Search)]
    public string? Actor { get; init; }

    /// <summary>A target's id, or any part of the target's name as recorded with the event.</summary>
    [StringLength(Limits.Search)]
    public string? Target { get; init; }

    public Guid? Session { get; init; }

    [StringLength(Limits.Search)]
    public string? Request { get; init; }

    public Guid? Batch { get; init; }

    [StringLength(Limits.Search)]
    public string? Ip { get; init; }

    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }

    /// <summary>Any part of a name, action, IP address or the details.</summary>
    [StringLength(Limits.Search)]
    public string? Search { get; init; }

    public AuditQuery ToQuery() =>
        new()
        {
            Action = Action,
            Actor = Actor,
            Target = Target,
            Session = Session,
            Request = Request,
            Batch = Batch,
            Ip = Ip,
            From = From,
            To = To,
            Search = Search,
        };
}
