using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Common;

/// <summary>Splits lists into pages. A cursor identifies the last entry of the previous page, so that entries added or
/// removed between two requests shift nothing.</summary>
public static class Paging
{
    internal static readonly Refusal WrongCursor = Refusal.Invalid("invalid_request", "This cursor isn't from this list.");

    internal static readonly Refusal WrongOrder = Refusal.Invalid("invalid_request", "This list can't be sorted or skipped like that.");

    /// <summary>Returns null when the order is allowed: lists can be skipped as far as they are counted, and a cursor
    /// allows neither sort nor skip.</summary>
    internal static Refusal? CheckOrder(string? sort, string? cursor, int skip)
    {
        var isSortedOrSkipped = sort is not null || skip > 0;
        return skip is < 0 or > Limits.CountLimit || (cursor is not null && isSortedOrSkipped) ? WrongOrder : null;
    }

    /// <summary>Returns all pages of a list, or the first refusal.</summary>
    public static async Task<Result<IReadOnlyList<T>>> AllAsync<T>(Func<PageQuery, Task<Result<Page<T>>>> list)
    {
        var all = new List<T>();
        string? next = null;
        do
        {
            var read = await list(new PageQuery(Limits.MaxPageSize, next));
            if (read.Refusal is { } refused)
            {
                return refused;
            }

            all.AddRange(read.Value.Items);
            next = read.Value.Next;
        } while (next is not null);
        return all;
    }

    /// <summary>Returns one page of rows with an <c>Id</c>, newest first: ids are ordered by time.</summary>
    internal static async Task<Result<Page<TItem>>> PageAsync<TRow, TItem>(
        this IQueryable<TRow> rows,
        PageQuery page,
        Func<TRow, TItem> show,
        CancellationToken ct
    )
        where TRow : class
    {
        if (Validation.CheckLimit(page.Limit) is { } refused)
        {
            return refused;
        }

        var last = Guid.Empty;
        if (page.Cursor is not null && !Guid.TryParse(page.Cursor, out last))
        {
            return WrongCursor;
        }

        var rest = page.Cursor is null ? rows : rows.Where(row => EF.Property<Guid>(row, "Id").CompareTo(last) < 0);
        var read = await rest.OrderByDescending(row => EF.Property<Guid>(row, "Id"))
            .Take(page.Limit + 1)
            .Select(row => new { Id = EF.Property<Guid>(row, "Id"), Row = row })
            .AsNoTracking()
            .ToListAsync(ct);
        var items = read.Take(page.Limit).Select(entry => show(entry.Row)).ToList();
        return new Page<TItem>(items, await rows.LongCountAsync(ct), read.Count > page.Limit ? read[page.Limit - 1].Id.ToString() : null);
    }

    /// <summary>Returns one page of a short list in memory, in its order.</summary>
    /// <param name="all">The complete list.</param>
    /// <param name="page">The page to return.</param>
    /// <param name="name">Returns the name of an entry, which is used as the cursor.</param>
    public static Result<Page<T>> Page<T>(IReadOnlyList<T> all, PageQuery page, Func<T, string> name)
    {
        if (Validation.CheckLimit(page.Limit) is { } refused)
        {
            return refused;
        }

        var first = 0;
        if (page.Cursor is { } last)
        {
            first = all.Select(name).ToList().IndexOf(last) + 1;
            if (first == 0)
            {
                return WrongCursor;
            }
        }

        var items = all.Skip(first).Take(page.Limit).ToList();
        return new Page<T>(items, all.Count, first + items.Count < all.Count ? name(items[^1]) : null);
    }
}
