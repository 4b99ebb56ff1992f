using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Users;

/// <summary>
/// A row of the table: one user as last heard of. Rows are kept apart by their item, so the item stays while the record
/// in it is
/// replaced, and only the row that listens is drawn again.
/// </summary>
public sealed class UserItem(UserDetails user)
{
    /// <summary>Raised when another record is shown.</summary>
    public event Action? Changed;

    public Guid Id => User.Id;

    public UserDetails User { get; private set; } = user;

    /// <summary>True where the user was just changed elsewhere, which is marked for a moment.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Shows this record from now on.</summary>
    public void Show(UserDetails now, bool isChanged = false)
    {
        (User, IsChanged) = (now, isChanged);
        Changed?.Invoke();
    }
}
