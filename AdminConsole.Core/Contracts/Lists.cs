using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>One page of a list.</summary>
/// <param name="Items">At most <c>limit</c> entries.</param>
/// <param name="Total">The number of matches; null if counting is too expensive. Null above 10,000 users, above 1,000
/// for a user search, and always for audit events.</param>
/// <param name="Next">Pass it as <c>cursor</c> (audit: <c>before</c>) to get the next page; null on the last
/// page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, long? Total, string? Next)
{
    /// <summary>Only for audit events, otherwise omitted: the time at which the search stopped before the page was
    /// full. <c>next</c> continues from there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LookedBackTo { get; init; }
}

/// <summary>The paging parameters of a list without filters.</summary>
/// <param name="Limit">The page size, 1 to 200.</param>
/// <param name="Cursor">The <c>next</c> value of the previous page; null for the first page.</param>
public sealed record PageQuery(int Limit = Limits.PageSize, string? Cursor = null);
