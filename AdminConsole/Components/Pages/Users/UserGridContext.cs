using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Components.Pages.Users;

/// <summary>The data shared by all rows of the table, so that each row holds one reference.</summary>
public sealed record UserGridContext
{
    /// <summary>The columns and the sort order.</summary>
    public required UserView View { get; init; }

    /// <summary>The query string of the page, which is preserved when a user is opened.</summary>
    public string Query { get; init; } = "";

    public required Actor Actor { get; init; }

    public IReadOnlyList<RoleChoice> Roles { get; init; } = [];

    /// <summary>True if rows can be selected.</summary>
    public bool IsSelectable { get; init; }

    /// <summary>Raised when a row's check box is clicked.</summary>
    public EventCallback<Selection> OnSelect { get; init; }

    /// <summary>Raised when the roles of a user should be edited.</summary>
    public EventCallback<UserItem> OnRoles { get; init; }

    public bool CanAssign => Actor.Can(Permissions.RolesAssign);

    /// <summary>True if all rows would render the same.</summary>
    public bool IsLike(UserGridContext other) =>
        (View, Query, Actor, Roles, IsSelectable) == (other.View, other.Query, other.Actor, other.Roles, other.IsSelectable);

    /// <summary>A click on a check box.</summary>
    /// <param name="Id">The id of the user.</param>
    /// <param name="IsRange">True to include all rows since the last click.</param>
    public readonly record struct Selection(Guid Id, bool IsRange);
}
