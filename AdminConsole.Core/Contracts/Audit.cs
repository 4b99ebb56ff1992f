using System.Text.Json;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>Who did it: a user, the program itself, or nobody known.</summary>
/// <param name="Type">Whether a user, the program itself, or nobody known.</param>
/// <param name="Id">The user's id; null where it was not a user.</param>
/// <param name="Name">The name it had then.</param>
/// <param name="Via">How it proved who it was.</param>
public sealed record AuditActor(string Type, Guid? Id, string? Name, string Via);

/// <summary>On what it was done; the name is the one it had then.</summary>
/// <param name="Type">Such as <c>user</c> or <c>session</c>.</param>
/// <param name="Id">Its id, also when it exists no more.</param>
/// <param name="Name">The name it had then.</param>
public sealed record AuditTarget(string Type, string? Id, string? Name);

/// <summary>One thing that happened. <c>details.changes</c> lists <c>{field, old, new}</c>.</summary>
/// <param name="Id">One more than that of the event before.</param>
/// <param name="At">When it happened.</param>
/// <param name="Action">What happened, such as <c>user.role_added</c>.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Target">To whom or what; null where there is nothing to name.</param>
/// <param name="Ip">The address it came from.</param>
/// <param name="UserAgent">The browser or program it came from, as it calls itself.</param>
/// <param name="SessionId">The session it was done in, or the token it was done with.</param>
/// <param name="RequestId">The same for everything that one request did; it is in the logs too.</param>
/// <param name="BatchId">The same for everything that one act on many did.</param>
/// <param name="Details">What else there is to know, never a secret.</param>
/// <param name="Hash">SHA-256 over the event before and this one, in hexadecimal.</param>
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

/// <summary>Which events to list, newest first.</summary>
public sealed record AuditQuery
{
    /// <summary>An action, a group of them with a trailing dot, or several of both with commas:
    /// <c>role.,user.role_added </c> </summary>
    public string? Action { get; init; }

    /// <summary>A user's id, or any part of the name written down with the event.</summary>
    public string? Actor { get; init; }

    /// <summary>An id, or any part of the name written down with the event.</summary>
    public string? Target { get; init; }

    public Guid? Session { get; init; }
    public string? Request { get; init; }
    public Guid? Batch { get; init; }
    public string? Ip { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }

    /// <summary>Any part of names, addresses and details.</summary>
    public string? Search { get; init; }

    /// <summary>Only events with a smaller id: the <c>next</c> of the page before.</summary>
    public long? Before { get; init; }

    /// <summary>1 to 200.</summary>
    public int Limit { get; init; } = Limits.PageSize;
}

/// <summary>Whether the chain of events is unbroken.</summary>
/// <param name="Valid">True when every event and the signed head agree.</param>
/// <param name="Events">How many events were checked.</param>
/// <param name="FirstBroken">The id of the first event that does not fit; left out when valid.</param>
/// <param name="Problem">What is wrong there, for a person; left out when valid.</param>
public sealed record AuditVerification(
    bool Valid,
    long Events,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? FirstBroken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Problem = null
);

/// <summary>How many events of a person were redacted.</summary>
public sealed record AuditErased(int ErasedEvents);
