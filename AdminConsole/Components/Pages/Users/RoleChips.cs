using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Components.Pages.Users;

/// <summary>Renders a user's roles in the table as a markup string, because a page shows many rows.</summary>
public static class RoleChips
{
    // The number of chips that fit on one line.
    private const int MaxChips = 2;

    /// <summary>Returns the first two roles as chips, followed by the number of further roles.</summary>
    /// <param name="roles">The names of the roles, which are encoded here.</param>
    /// <param name="none">The text if there are no roles; must be valid HTML.</param>
    public static MarkupString Of(IReadOnlyList<string> roles, string none)
    {
        var chips = roles.Take(MaxChips).Select(role => Chip("held", HtmlEncoder.Default.Encode(role)));
        return new(
            roles.Count switch
            {
                0 => Chip("none", none),
                > MaxChips => string.Concat(chips) + Chip("more", $"+{roles.Count - MaxChips}"),
                _ => string.Concat(chips),
            }
        );
    }

    private static string Chip(string kind, string text) => $"<span class=\"chip {kind}\">{text}</span>";
}
