using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Components.Pages.Users;

/// <summary>What all rows of the table have in common; made once, so that a row keeps one reference.</summary>
public sealed record UserGridContext
{
    /// <summary>The columns and the order.</summary>
    public required UserView View { get; init; }

    /// <summary>The query of the page's address, which stays while users are opened.</summary>
    public string Query { get; init; } = "";

    public required Actor Actor { get; init; }

    public IReadOnlyList<RoleChoice> Roles { get; init; } = [];

    /// <summary>True where rows can be selected.</summary>
    public bool IsSelectable { get; init; }

    /// <summary>Raised when a row's check box is clicked.</summary>
    public EventCallback<Selection> OnSelect { get; init; }

    /// <summary>Raised when the roles of a user are to be edited.</summary>
    public EventCallback<UserItem> OnRoles { get; init; }

    public bool CanAssign => Actor.Can(Permissions.RolesAssign);

    /// <summary>True where rows would look the same.</summary>
    public bool IsLike(UserGridContext other) =>
        (View, Query, Actor, Roles, IsSelectable) == (other.View, other.Query, other.Actor, other.Roles, other.IsSelectable);

    /// <summary>A click on a check box.</summary>
    /// <param name="Id">The user.</param>
    /// <param name="IsRange">True where everything since the last click is meant.</param>
    public readonly record struct Selection(Guid Id, bool IsRange);
}
