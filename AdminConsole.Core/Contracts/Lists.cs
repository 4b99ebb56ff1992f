using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>One page of a list.</summary>
/// <param name="Items">At most <c>limit</c> entries.</param>
/// <param name="Total">How many match; null where counting would cost too much: above 10,000 users, or 1,000 with a
/// search.</param>
/// <param name="Next">Pass as <c>cursor</c> (audit: <c>before</c>) to get the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, long? Total, string? Next)
{
    /// <summary>Audit only, and left out otherwise: the search stopped at this time, although the page is not full;
    /// <c>next </c> goes on from there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LookedBackTo { get; init; }
}

/// <summary>Which page of a list that has no filters.</summary>
/// <param name="Limit">How many at most, 1 to 200.</param>
/// <param name="Cursor">The <c>next</c> of the page before; null for the first.</param>
public sealed record PageQuery(int Limit = Limits.PageSize, string? Cursor = null);
