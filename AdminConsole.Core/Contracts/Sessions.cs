using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>One signed-in browser.</summary>
/// <param name="Id">The session's id; not the key in the cookie.</param>
/// <param name="Current">True for the one that this request came with.</param>
/// <param name="Method">How the person signed in: <c>password </c>, <c>password+totp </c>, <c>password+recovery_code
/// </c>, <c>passkey </c>,
/// <c>external</c>, <c>external+totp</c> or <c>external+recovery_code</c>.</param>
/// <param name="CreatedAt">When the person signed in.</param>
/// <param name="LastSeenAt">When it was last used, to the minute.</param>
/// <param name="ExpiresAt">When it ends if it is not used until then.</param>
/// <param name="Remember">True where it lasts 30 days in all, not 8 hours since it was last used.</param>
/// <param name="Ip">The address it was begun from.</param>
/// <param name="UserAgent">The browser it was begun in, as it calls itself.</param>
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

/// <summary>A signed-in browser and whose it is.</summary>
public sealed record OwnedSession(SessionSummary Session, UserRef Owner)
{
    /// <summary>True where ending it would be refused as <c>above_you</c>.</summary>
    [JsonIgnore]
    public bool IsAbove { get; init; }
}

/// <summary>Which live sessions to list; the latest sign-in comes first.</summary>
public sealed record SessionQuery
{
    /// <summary>Any part of the user's names, the address or the user agent.</summary>
    [StringLength(Limits.Search)]
    public string? Search { get; init; }

    /// <summary>Only this user's.</summary>
    public Guid? User { get; init; }

    /// <summary> <c>user </c>, <c>createdAt </c>, <c>lastSeenAt </c> or <c>expiresAt </c>, with a leading - for
    /// descending. Left out: the latest sign-in comes first.</summary>
    public string? Sort { get; init; }

    /// <summary>The <c>next</c> of the page before; only without <see cref="Sort"/>.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to 200.</summary>
    public int Limit { get; init; } = Limits.PageSize;

    /// <summary>How many to pass over, 10,000 at most; for the pager of a page, programs use the cursor.</summary>
    public int Skip { get; init; }
}
