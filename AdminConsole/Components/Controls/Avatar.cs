using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Components.Controls;

/// <summary>The circle with a person's initials.</summary>
public static class Avatar
{
    /// <summary>The circle, which screen readers leave out: the name stands beside it.</summary>
    public static MarkupString Of(string name) => Of(name, "avatar");

    /// <summary>The circle above a page about one person.</summary>
    public static MarkupString Large(string name) => Of(name, "avatar large");

    /// <summary>The first letters of the first and the last word of a name; of an email, its first letter.</summary>
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
