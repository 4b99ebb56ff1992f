using System.Text.Json.Serialization;

namespace AdminConsole.Components.Layout;

/// <summary>A line of the command palette. Those opened last are kept in the browser as JSON.</summary>
/// <param name="Group">The heading above it.</param>
/// <param name="Name">What is found.</param>
/// <param name="Detail">What tells it from others of the same name.</param>
/// <param name="Icon">A constant of <c>MudBlazor.Icons</c>.</param>
/// <param name="Url">Where it leads; empty where it does something instead.</param>
public sealed record PaletteHit(string Group, string Name, string Detail, string Icon, string Url)
{
    /// <summary>The user it stands for, whose actions can be listed.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The action it runs; null where it leads to <c>Url</c>.</summary>
    [JsonIgnore]
    public Func<Task>? Run { get; init; }
}
