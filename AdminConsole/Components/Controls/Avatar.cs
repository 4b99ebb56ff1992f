using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Components.Controls;

/// <summary>A circle with the initials of a user.</summary>
public static class Avatar
{
    /// <summary>The circle, hidden from screen readers because the name is next to it.</summary>
    public static MarkupString Of(string name) => Of(name, "avatar");

    /// <summary>The large circle in the heading of a user's page.</summary>
    public static MarkupString Large(string name) => Of(name, "avatar large");

    /// <summary>The first letters of the first and last word of a name, or the first letter of an email.</summary>
    public static string Initials(string name)
    {
        var words = name.Split('@')[0].Split([' ', '.', '-', '_'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            [] => "?",
            [var only] => First(only),
            [var first, .., var last] => First(first) + First(last),
        };
    }

    private static MarkupString Of(string name, string style) =>
        new($"<span class=\"{style}\" aria-hidden=\"true\">{HtmlEncoder.Default.Encode(Initials(name))}</span>");

    private static string First(string word) => StringInfo.GetNextTextElement(word).ToUpperInvariant();
}
