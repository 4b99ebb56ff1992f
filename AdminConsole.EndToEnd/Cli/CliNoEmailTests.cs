using System.Text.Json;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>Accounts without an email on the command line.</summary>
public sealed class CliNoEmailTests(SqliteApp app) : AdminShellTests(app)
{
    [Fact]
    public async Task A_user_is_created_by_username_and_shown_without_an_email()
    {
        var name = TestData.Name("kim");

        var made = (await AdminShell.RunAsync("users", "create", "--username", name, "--json")).Is(0).Json;

        Assert.Equal((JsonValueKind.Null, name), (made.GetProperty("email").ValueKind, made.GetProperty("displayName").GetString()));
        Assert.Contains("No email", (await AdminShell.RunAsync("users", "show", name)).Is(0).Output, StringComparison.Ordinal);
        var row = Assert.Single((await AdminShell.RunAsync("users", "list", "--search", name)).Is(0).Lines);
        Assert.StartsWith($"{name}\t", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_has_an_email_or_a_username_and_only_an_email_is_invited()
    {
        (await AdminShell.RunAsync("users", "create")).Refuses(2, "--user-name");
        (await AdminShell.RunAsync("users", "create", "--username", TestData.Name(), "--invite")).Refuses(
            2,
            "Invitations are sent by email"
        );
    }

    [Fact]
    public async Task A_link_is_printed_and_the_account_is_named_by_username()
    {
        var name = TestData.Name("kim");
        (await AdminShell.RunAsync("users", "create", "--username", name)).Is(0);

        var link = (await AdminShell.RunAsync("users", "reset-password", name, "--json")).Is(0).Json;

        Assert.False(link.GetProperty("emailSent").GetBoolean());
        var redeemed = new
        {
            email = name,
            token = link.GetProperty("resetToken").GetString(),
            newPassword = TestData.NewPassword,
        };
        (await App.Anonymous().PostAsync("/api/auth/reset-password", redeemed)).Is(204);
        using var own = new Shell(App.Root);
        var login = (await own.RunAsync(TestData.NewPassword + "\n", ["login", "--password", "--user", name])).Is(0);
        Assert.Contains($"as {name}.", login.Errors, StringComparison.Ordinal);
        var whoami = (await own.RunAsync("whoami")).Is(0).Output;
        Assert.Contains("No email", whoami, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await own.RunAsync("whoami", "--json")).Is(0).Json.GetProperty("email").ValueKind);
        (await own.RunAsync("tokens", "create", "--name", "job")).Is(0);
        Assert.Contains($"\t{name}", (await AdminShell.RunAsync("tokens", "list", "--everyone")).Is(0).Output, StringComparison.Ordinal);
    }
}
