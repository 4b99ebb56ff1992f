using System.Text.RegularExpressions;
using AdminConsole.Components.Theme;
using Bunit;
using MudBlazor;
using MudBlazor.Services;

namespace AdminConsole.Tests.Components;

/// <summary>The static style sheet matches the variables that MudBlazor generates from
/// <see cref="ConsoleTheme"/>.</summary>
public sealed partial class ThemeTests
{
    private static readonly string Folder = Path.Combine(Architecture.ArchitectureTests.Root, "wwwroot-assets", "css");

    /// <summary>With UPDATE_THEME=1 this writes the style sheet, after a change of the theme or an update of
    /// MudBlazor.</summary>
    [Fact]
    public async Task The_style_sheet_contains_the_variables_of_the_theme()
    {
        var light = await VariablesAsync(isDark: false);
        // Most variables are equal in both palettes.
        var dark = (await VariablesAsync(isDark: true)).Except(light).ToList();
        var lightSheet = $$"""
            /* Written by ThemeTests from ConsoleTheme.cs (UPDATE_THEME=1): the variables of MudBlazor in the light palette. */
            :root {
              color-scheme: light;
            {{Lines(light, "  ")}}
            }

            """;
        var darkSheet = $$"""
            /* Written by ThemeTests from ConsoleTheme.cs (UPDATE_THEME=1): the variables that differ in the dark palette. */
            :root[data-theme="dark"] {
              color-scheme: dark;
            {{Lines(dark, "  ")}}
            }
            @media (prefers-color-scheme: dark) {
              :root:not([data-theme="light"]) {
                color-scheme: dark;
            {{Lines(dark, "    ")}}
              }
            }

            """;
        await CompareAsync("theme.css", lightSheet);
        await CompareAsync("theme-dark.css", darkSheet);
    }

    private static async Task CompareAsync(string name, string expected)
    {
        var (sheet, cancellationToken) = (Path.Combine(Folder, name), Xunit.TestContext.Current.CancellationToken);
        if (Environment.GetEnvironmentVariable("UPDATE_THEME") == "1")
        {
            await File.WriteAllTextAsync(sheet, expected, cancellationToken);
        }

        Assert.Equal(expected, await File.ReadAllTextAsync(sheet, cancellationToken));
    }

    private static string Lines(IEnumerable<string> variables, string indent) =>
        string.Join('\n', variables.Select(variable => indent + variable));

    private static async Task<List<string>> VariablesAsync(bool isDark)
    {
        await using var context = new BunitContext();
        context.Services.AddMudServices();
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        var html = context
            .Render<MudThemeProvider>(part => part.Add(one => one.Theme, ConsoleTheme.Value).Add(one => one.IsDarkMode, isDark))
            .Markup;
        var variables = Variable()
            .Matches(Root().Match(html).Groups["variables"].Value)
            .Select(match => match.Value.Trim())
            .Distinct()
            .ToList();
        Assert.Contains(variables, variable => variable.StartsWith("--mud-palette-primary:", StringComparison.Ordinal));
        return variables;
    }

    [GeneratedRegex(@":root\s*\{(?<variables>[^}]*)\}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Root();

    [GeneratedRegex(@"--[\w-]+:[^;]+;", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Variable();
}
