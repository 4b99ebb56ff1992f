using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Components.Pages.Users;

/// <summary>The roles of a user in a row of the table: ready-made markup, since there are many rows.</summary>
public static class RoleChips
{
    // As many as fit on one line.
    private const int Few = 2;

    /// <summary>The first two roles as chips, and how many more there are.</summary>
    /// <param name="roles">Names of roles, which are encoded here.</param>
    /// <param name="none">Text shown when there are none.</param>
    public static MarkupString Of(IReadOnlyList<string> roles, string none)
    {
        var chips = roles.Take(Few).Select(role => Chip("held", HtmlEncoder.Default.Encode(role)));
        return new(
            roles.Count switch
            {
                0 => Chip("none", none),
                > Few => string.Concat(chips) + Chip("more", $"+{roles.Count - Few}"),
                _ => string.Concat(chips),
            }
        );
    }

    private static string Chip(string kind, string text) => $"<span class=\"chip {kind}\">{text}</span>";
}
