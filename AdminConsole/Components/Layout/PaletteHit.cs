using System.Text.Json.Serialization;

namespace AdminConsole.Components.Layout;

/// <summary>An entry of the command palette. The recently opened entries are stored in the browser as JSON.</summary>
/// <param name="Group">The heading of the group.</param>
/// <param name="Name">The name of the entry.</param>
/// <param name="Detail">Distinguishes entries of the same name.</param>
/// <param name="Icon">A constant of <c>MudBlazor.Icons</c>.</param>
/// <param name="Url">The URL of the page to open; empty for an action.</param>
public sealed record PaletteHit(string Group, string Name, string Detail, string Icon, string Url)
{
    /// <summary>The id of the user, whose actions can be listed; null for other entries.</summary>
    public Guid? UserId { get; init; }

    /// <summary>Runs the action; null if the entry opens <c>Url</c>.</summary>
    [JsonIgnore]
    public Func<Task>? Run { get; init; }
}
