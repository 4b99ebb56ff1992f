namespace AdminConsole.Components.Pages.Users;

/// <summary>The users selected in the table, over all its pages.</summary>
public sealed class UserSelection
{
    private Guid? last;

    public HashSet<Guid> Ids { get; private set; } = [];

    /// <summary>Selects exactly these.</summary>
    public void Set(HashSet<Guid> ids) => (Ids, last) = (ids, null);

    /// <summary>Clears the selection where others match now.</summary>
    public void Keep(bool isSame) => Set(isSame ? Ids : []);

    /// <summary>Selects or clears one row, or with Shift everything from the row clicked before.</summary>
    public void Click(UserGridContext.Selection click, IReadOnlyList<UserItem> rows)
    {
        var selects = !Ids.Contains(click.Id);
        var ids = rows.Select(row => row.Id).ToList();
        var (from, to) = (last is { } before && click.IsRange ? ids.IndexOf(before) : -1, ids.IndexOf(click.Id));
        var meant = from < 0 ? [click.Id] : ids[Math.Min(from, to)..(Math.Max(from, to) + 1)];
        Ids = selects ? [.. Ids, .. meant] : [.. Ids.Except(meant)];
        last = click.Id;
    }
}
