using AdminConsole.Components.Controls;
using AdminConsole.Components.Pages.Sessions;
using AdminConsole.Core.Common;
using Bunit;

namespace AdminConsole.Tests.Components;

public sealed class ControlsTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-10, "just now")]
    [InlineData(-60, "1 minute ago")]
    [InlineData(-150, "2 minutes ago")]
    [InlineData(-7200, "2 hours ago")]
    [InlineData(-90000, "1 day ago")]
    [InlineData(-40000000, "1 year ago")]
    [InlineData(25200, "in 7 hours")]
    [InlineData(2592000, "in 1 month")]
    public void Times_are_shown_relative_to_now(int seconds, string expected) =>
        Assert.Equal(expected, RelativeTime.Describe(Now.AddSeconds(seconds), Now));

    [Fact]
    public void The_exact_time_is_shown_on_hover_and_machine_readable()
    {
        Services.AddSingleton(TimeProvider.System);

        var time = Render<RelativeTime>(part => part.Add(one => one.At, Now)).Find("time");

        Assert.Equal("2026-11-21 12:00:00 UTC", time.GetAttribute("title"));
        Assert.Equal(Now, DateTimeOffset.Parse(time.GetAttribute("datetime")!));
    }

    [Fact]
    public void A_missing_time_is_shown_as_never()
    {
        Services.AddSingleton(TimeProvider.System);

        Assert.Equal("never", Render<RelativeTime>().Find("span").TextContent);
    }

    [Fact]
    public void A_refusal_is_an_alert_with_encoded_text()
    {
        var note = Render<RefusalNote>(part => part.Add(one => one.Refusal, Refusal.Conflict("x", "<b>no</b>")));

        Assert.Equal("<b>no</b>", note.Find("[role=alert] span:last-child").TextContent);
        Assert.Empty(Render<RefusalNote>().FindAll("*"));
    }

    [Fact]
    public void A_field_shows_its_error_in_place_of_the_hint()
    {
        var field = Render<DialogField>(part =>
            part.Add(one => one.Name, "email")
                .Add(one => one.Label, "E-mail address")
                .Add(one => one.Hint, "a hint")
                .Add(one => one.Refusal, Refusal.InvalidField("email", "That is not an e-mail address."))
        );

        Assert.Equal("That is not an e-mail address.", field.Find("p").TextContent);
        Assert.Equal("true", field.Find("input").GetAttribute("aria-invalid"));
        Assert.Equal(field.Find("p").Id, field.Find("input").GetAttribute("aria-describedby"));
    }

    [Fact]
    public void A_field_ignores_the_error_of_another()
    {
        var field = Render<DialogField>(part =>
            part.Add(one => one.Name, "email")
                .Add(one => one.Label, "E-mail address")
                .Add(one => one.Hint, "a hint")
                .Add(one => one.Refusal, Refusal.InvalidField("password", "Too short."))
        );

        Assert.Equal("a hint", field.Find("p").TextContent);
        Assert.False(field.Find("input").HasAttribute("aria-invalid"));
    }

    [Theory]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
        "Edge on Windows"
    )]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1", "Safari on iPhone")]
    [InlineData("curl/8.0", "curl")]
    [InlineData("my-script", "Unknown program")]
    [InlineData(null, "Unknown program")]
    public void A_browser_is_shown_by_its_common_name(string? userAgent, string expected) =>
        Assert.Equal(expected, UserAgents.Describe(userAgent));

    [Theory]
    [InlineData("Ana Souza", "AS")]
    [InlineData("ana.souza@example.com", "AS")]
    [InlineData("admin", "A")]
    [InlineData("Maria de la Cruz", "MC")]
    [InlineData("李 小龙", "李小")]
    [InlineData("", "?")]
    [InlineData("😀 Smile", "😀S")]
    public void An_avatar_has_the_first_and_the_last_initial(string name, string expected) => Assert.Equal(expected, Avatar.Initials(name));

    [Fact]
    public void An_icon_is_hidden_from_screen_readers()
    {
        var icon = SvgIcon.Of("<path d=\"M0 0\"/>").Value;

        Assert.Contains("aria-hidden=\"true\"", icon);
        Assert.Contains("<path d=\"M0 0\"/>", icon);
    }
}
