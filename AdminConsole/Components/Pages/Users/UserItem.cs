using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Users;

/// <summary>
/// A row of the table: the latest known state of a user. The item is the key of the row; it stays while its user is
/// replaced, so that only this row renders again.
/// </summary>
public sealed class UserItem(UserDetails user)
{
    /// <summary>Raised when the user was replaced.</summary>
    public event Action? Changed;

    public Guid Id => User.Id;

    public UserDetails User { get; private set; } = user;

    /// <summary>True if the user was just changed elsewhere, which the row highlights for a moment.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Replaces the user and renders the row again.</summary>
    public void Show(UserDetails now, bool isChanged = false)
    {
        (User, IsChanged) = (now, isChanged);
        Changed?.Invoke();
    }
}
