using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Users;

/// <summary>Displays the source of a user.</summary>
public static class UserSourceDisplay
{
    public const string Local = "Local";

    /// <summary>Returns the name of the user's identity provider, or <see cref="Local"/>.</summary>
    public static string Of(UserDetails user) => user.Source == UserSources.Local ? Local : user.Source;
}
