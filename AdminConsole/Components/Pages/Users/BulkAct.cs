using AdminConsole.Core.Security;

namespace AdminConsole.Components.Pages.Users;

/// <summary>An act on many, as people see it.</summary>
public sealed record BulkAct(string Action, string Verb, string Permission, bool TakesReason = false, bool TakesRole = false, bool IsDangerous = false)
{
    public static readonly IReadOnlyList<BulkAct> All =
    [
        new("activate", "Activate", Permissions.UsersWrite),
        new("deactivate", "Deactivate", Permissions.UsersWrite, TakesReason: true),
        new("add-role", "Give a role", Permissions.RolesAssign, TakesRole: true),
        new("remove-role", "Take a role away", Permissions.RolesAssign, TakesRole: true),
        new("require-password-change", "Require a new password", Permissions.UsersCredentials),
        new("end-sessions", "End sessions", Permissions.SessionsEnd),
        new("lockdown", "Lock down", Permissions.UsersWrite, TakesReason: true, IsDangerous: true),
        new("delete", "Delete", Permissions.UsersWrite, IsDangerous: true),
    ];
}
