namespace AdminConsole.Components.Pages.Users;

/// <summary>The selected users of the table, across its pages.</summary>
public sealed class UserSelection
{
    private Guid? last;

    public HashSet<Guid> Ids { get; private set; } = [];

    /// <summary>Replaces the selection.</summary>
    public void Set(HashSet<Guid> ids) => (Ids, last) = (ids, null);

    /// <summary>Clears the selection unless the same users match.</summary>
    public void Keep(bool isSame) => Set(isSame ? Ids : []);

    /// <summary>Toggles a row; with Shift, all rows since the last clicked one.</summary>
    public void Click(UserGridContext.Selection click, IReadOnlyList<UserItem> rows)
    {
        var selects = !Ids.Contains(click.Id);
        var ids = rows.Select(row => row.Id).ToList();
        var (from, to) = (last is { } before && click.IsRange ? ids.IndexOf(before) : -1, ids.IndexOf(click.Id));
        var affected = from < 0 ? [click.Id] : ids[Math.Min(from, to)..(Math.Max(from, to) + 1)];
        Ids = selects ? [.. Ids, .. affected] : [.. Ids.Except(affected)];
        last = click.Id;
    }
}
