using AdminConsole.Circuits;
using AdminConsole.Components.Pages.Users;
using AdminConsole.Core.Contracts;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace AdminConsole.Tests.Components;

/// <summary>A link or password that is shown once.</summary>
public sealed class OnceOnlyTests : ControlContext
{
    private readonly LostConnection connection = new();

    public OnceOnlyTests() => Services.AddSingleton(connection);

    [Theory]
    [InlineData(true, "Copied", false)]
    [InlineData(false, "Copy", true)]
    public void The_secret_shows_whether_it_was_copied(bool isAllowed, string expected, bool isRefused)
    {
        JSInterop.Setup<bool>("console_.copySecret", _ => true).SetResult(isAllowed);
        var link = Render<OneTimeSecret>(part => part.Add(one => one.Text, "https://console.example.com/x").Add(one => one.Label, "Link"));

        link.Find("button").Click();

        Assert.Equal(expected, link.Find("button").TextContent.Trim());
        Assert.Equal(isRefused ? [SharedTexts.CopyFailed] : [], link.FindAll("[role=alert]").Select(note => note.TextContent));
    }

    [Fact]
    public async Task A_lost_connection_is_reported_to_the_component_with_the_text()
    {
        var lost = 0;
        var link = Render<OneTimeSecret>(part =>
            part.Add(one => one.Text, "x")
                .Add(one => one.Label, "Link")
                .Add(one => one.OnLost, EventCallback.Factory.Create(this, () => lost++))
        );

        await connection.OnConnectionDownAsync(null!, default);

        link.WaitForState(() => lost == 1);
        Assert.NotEmpty(link.FindAll("[data-secret]"));
    }
}
