using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Components.Controls;

/// <summary>Renders MudBlazor icons as plain markup, which uses less memory on an open page than a component.</summary>
public static class SvgIcon
{
    private static readonly ConcurrentDictionary<string, MarkupString> Drawn = new();

    /// <summary>Returns the icon, 20 pixels wide and hidden from screen readers. The visible text or the control's
    /// label names it.</summary>
    /// <param name="paths">A constant of <c>MudBlazor.Icons</c>.</param>
    public static MarkupString Of(string paths) =>
        Drawn.GetOrAdd(
            paths,
            content => new MarkupString(
                $"<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\">{content}</svg>"
            )
        );
}
