using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>A signed-in browser.</summary>
/// <param name="Id">The session's id, which is not the key in the cookie.</param>
/// <param name="Current">True for the session of this request.</param>
/// <param name="Method">How the user signed in: <c>password</c>, <c>password+totp</c>, <c>password+recovery_code</c>,
/// <c>passkey</c>, <c>external</c>, <c>external+totp</c> or <c>external+recovery_code</c>.</param>
/// <param name="CreatedAt">When the user signed in.</param>
/// <param name="LastSeenAt">When the session was last used, accurate to one minute.</param>
/// <param name="ExpiresAt">When the session expires unless it is used before.</param>
/// <param name="Remember">True for a session of fixed length (30 days by default). False for one that expires when idle
/// (after 8 hours by default).</param>
/// <param name="Ip">The IP address at sign-in.</param>
/// <param name="UserAgent">The <c>User-Agent</c> at sign-in (unverified).</param>
public sealed record SessionSummary(
    Guid Id,
    bool Current,
    string Method,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    bool Remember,
    string? Ip,
    string? UserAgent
);

/// <summary>A signed-in browser and its user.</summary>
public sealed record OwnedSession(SessionSummary Session, UserRef Owner)
{
    /// <summary>True if ending the session would be refused as <c>above_you</c>.</summary>
    [JsonIgnore]
    public bool IsAbove { get; init; }
}

/// <summary>Filters for live sessions. The default order is the latest sign-in first.</summary>
public sealed record SessionQuery
{
    /// <summary>Any part of the user's names, the IP address or the user agent.</summary>
    [StringLength(Limits.Search)]
    public string? Search { get; init; }

    /// <summary>Only sessions of this user.</summary>
    public Guid? User { get; init; }

    /// <summary><c>user</c>, <c>createdAt</c>, <c>lastSeenAt</c> or <c>expiresAt</c>, with a leading <c>-</c> for
    /// descending. If omitted, the latest sign-in comes first.</summary>
    public string? Sort { get; init; }

    /// <summary>The <c>next</c> value of the previous page. Cannot be combined with <see cref="Sort"/>.</summary>
    public string? Cursor { get; init; }

    /// <summary>The page size, 1 to 200.</summary>
    public int Limit { get; init; } = Limits.PageSize;

    /// <summary>The number of entries to skip, at most 10,000. For numbered pages; programs should use the
    /// cursor.</summary>
    public int Skip { get; init; }
}
