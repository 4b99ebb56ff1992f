using AdminConsole.Core.Users;

namespace AdminConsole.Components.Pages.Users;

/// <summary>The texts and icons of bulk actions.</summary>
public static class BulkActionTexts
{
    /// <summary>Describes the effect of an action: "will be deactivated".</summary>
    public static string Will(string action, string? role) =>
        action switch
        {
            "activate" => "will be reactivated",
            "deactivate" => "will be deactivated",
            "unlock" => "will be unlocked",
            "add-role" => $"will get {role}",
            "remove-role" => $"will lose {role}",
            "require-password-change" => "will have to change the password",
            "end-sessions" => "will be signed out everywhere",
            "lockdown" => "will be locked down",
            "delete" => "will be deleted",
            _ => throw Unknown(action),
        };

    /// <summary>Describes the result of an action: "25 users locked down."</summary>
    public static string Done(string action, string? role, int count)
    {
        var users = AccessText.Count(count, "user");
        return action switch
        {
            "activate" => $"{users} reactivated.",
            "deactivate" => $"{users} deactivated.",
            "unlock" => $"{users} unlocked.",
            "add-role" => $"{role} assigned to {users}.",
            "remove-role" => $"{role} removed from {users}.",
            "require-password-change" => $"{users} must change the password.",
            "end-sessions" => $"{users} signed out everywhere.",
            "lockdown" => $"{users} locked down.",
            "delete" => $"{users} deleted.",
            _ => throw Unknown(action),
        };
    }

    /// <summary>Returns the text that the user must type to confirm; null if a click is enough.</summary>
    public static string? Typed(BulkAction action, int count) => action.IsDangerous ? $"{action.Verb.ToLowerInvariant()} {count}" : null;

    /// <summary>True if the action revokes sessions, devices and tokens; false if it revokes only sessions and devices;
    /// null if it revokes none.</summary>
    public static bool? Ends(string action) =>
        action switch
        {
            "deactivate" or "end-sessions" => false,
            "lockdown" or "delete" => true,
            _ => null,
        };

    /// <summary>Returns the icon of an action.</summary>
    public static string Icon(string action) =>
        action switch
        {
            "activate" => MudBlazor.Icons.Material.Rounded.PlayCircle,
            "deactivate" => MudBlazor.Icons.Material.Rounded.PauseCircle,
            "unlock" => MudBlazor.Icons.Material.Rounded.LockOpen,
            "add-role" => MudBlazor.Icons.Material.Rounded.AddModerator,
            "remove-role" => MudBlazor.Icons.Material.Rounded.RemoveModerator,
            "require-password-change" => MudBlazor.Icons.Material.Rounded.Password,
            "end-sessions" => MudBlazor.Icons.Material.Rounded.Logout,
            "lockdown" => MudBlazor.Icons.Material.Rounded.GppBad,
            "delete" => MudBlazor.Icons.Material.Rounded.Delete,
            _ => throw Unknown(action),
        };

    // Thrown for a new action without texts.
    private static ArgumentOutOfRangeException Unknown(string action) =>
        new(nameof(action), action, "No text is defined for this bulk action.");
}
