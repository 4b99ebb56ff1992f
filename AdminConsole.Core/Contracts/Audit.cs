using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>The actor of an audit event: a user, the server itself, or an unauthenticated caller.</summary>
/// <param name="Type"><c>user</c>, <c>system</c> or <c>anonymous</c>.</param>
/// <param name="Id">The user's id; null unless the type is <c>user</c>.</param>
/// <param name="Name">The actor's name at the time of the event.</param>
/// <param name="Via">The authentication method of the request, such as <c>session</c> or <c>token</c>.</param>
public sealed record AuditActor(string Type, Guid? Id, string? Name, string Via);

/// <summary>The target of an audit event, with its name at the time of the event.</summary>
/// <param name="Type">The type of the target, such as <c>user</c> or <c>session</c>.</param>
/// <param name="Id">The id of the target, even if the target has since been deleted.</param>
/// <param name="Name">The name of the target at the time of the event.</param>
public sealed record AuditTarget(string Type, string? Id, string? Name);

/// <summary>An event of the audit log. <c>details.changes</c> lists <c>{field, old, new}</c>.</summary>
/// <param name="Id">The number of the event. Numbers are consecutive.</param>
/// <param name="At">When the event happened.</param>
/// <param name="Action">The action, such as <c>user.role_added</c>.</param>
/// <param name="Actor">The actor that caused the event.</param>
/// <param name="Target">The object of the action; null if there is none.</param>
/// <param name="Ip">The IP address of the request.</param>
/// <param name="UserAgent">The <c>User-Agent</c> of the request (unverified).</param>
/// <param name="SessionId">The id of the session, device or token that authenticated the request.</param>
/// <param name="RequestId">The id of the request. All events of one request share it, and server logs contain
/// it.</param>
/// <param name="BatchId">The id of the bulk action. All events of one bulk action share it.</param>
/// <param name="Details">Further data about the event; never contains a secret.</param>
/// <param name="Hash">SHA-256 over the hash of the previous event and this event, in hexadecimal.</param>
public sealed record AuditEntry(
    long Id,
    DateTimeOffset At,
    string Action,
    AuditActor Actor,
    AuditTarget? Target,
    string? Ip,
    string? UserAgent,
    Guid? SessionId,
    string? RequestId,
    Guid? BatchId,
    JsonElement? Details,
    string Hash
);

/// <summary>Filters for audit events. Results are sorted newest first.</summary>
public sealed record AuditQuery
{
    /// <summary>An action, a group of actions with a trailing dot, or several of both separated by commas:
    /// <c>role.,user.role_added</c>.</summary>
    public string? Action { get; init; }

    /// <summary>A user's id, or any part of the actor's name as recorded with the event.</summary>
    public string? Actor { get; init; }

    /// <summary>A target's id, or any part of the target's name as recorded with the event.</summary>
    public string? Target { get; init; }

    public Guid? Session { get; init; }
    public string? Request { get; init; }
    public Guid? Batch { get; init; }
    public string? Ip { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }

    /// <summary>Any part of a name, action, IP address or the details.</summary>
    public string? Search { get; init; }

    /// <summary>Returns only events with a smaller id. Pass the <c>next</c> value of the previous page.</summary>
    public long? Before { get; init; }

    /// <summary>The page size, 1 to 200.</summary>
    public int Limit { get; init; } = Limits.PageSize;
}

/// <summary>The result of verifying the hash chain of the audit log.</summary>
/// <param name="Valid">True if all events and the signed head match.</param>
/// <param name="Events">The number of events checked.</param>
/// <param name="FirstBroken">The id of the first event that fails verification; omitted if valid.</param>
/// <param name="Problem">A description of the failure; omitted if valid.</param>
public sealed record AuditVerification(
    bool Valid,
    long Events,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? FirstBroken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Problem = null
);

/// <summary>The number of audit events in which the personal data of a user was erased.</summary>
public sealed record AuditErased(int ErasedEvents);
