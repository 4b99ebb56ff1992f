using System.Text.Json;
using AdminConsole.Core.Contracts;
using AdminConsole.Tests.Providers;

namespace AdminConsole.EndToEnd.Cli;

/// <summary>Identity providers, the source of users and break-glass accounts on the command line.</summary>
public sealed class CliProviderTests(SqliteApp app) : AdminShellTests(app)
{
    private const string Secret = OidcTestProvider.ClientSecret + "\n";

    private static string[] Add(string name, string issuer, params string[] options) =>
        ["directory", "add", name, "--issuer", issuer, "--client-id", OidcTestProvider.ClientId, .. options];

    private async Task<string[]> RowAsync(string name) =>
        Assert
            .Single(
                (await AdminShell.RunAsync("directory", "list", "--all")).Is(0).Lines,
                row => row.StartsWith($"{name}\t", StringComparison.Ordinal)
            )
            .Split('\t');

    [Fact]
    public async Task A_provider_is_added_listed_tested_and_removed()
    {
        await using var provider = await OidcTestProvider.StartAsync();
        var name = TestData.Name("Acme");
        string[] options = ["--client-secret-stdin", "--client-auth", "basic", "--groups-claim", "groups", "--domain", "example.com"];

        var added = (await AdminShell.RunAsync(Secret, Add(name, provider.Issuer, [.. options, "--admission", "domains", "--json"]))).Is(0);

        Assert.DoesNotContain(OidcTestProvider.ClientSecret, added.Output + added.Errors, StringComparison.Ordinal);
        var details = added.Json.Deserialize<ProviderDetails>(JsonSerializerOptions.Web)!;
        Assert.Equal((name, provider.Issuer, "groups"), (details.Name, details.Issuer, details.GroupsClaim));
        Assert.Equal(("basic", "domains"), (details.ClientAuthentication, details.Admission));
        Assert.Equal(["example.com"], details.AllowedDomains);
        Assert.Equal([name, provider.Issuer, "Existing, invited and new users", "0", "0", $"{details.Id}"], await RowAsync(name));

        // A name is found in any case, and an id in any notation.
        foreach (var called in new[] { name.ToUpperInvariant(), details.Id.ToString("N") })
        {
            var check = (await AdminShell.RunAsync("directory", "test", called, "--json")).Is(0).Json;
            Assert.Equal((true, 2), (check.GetProperty("ok").GetBoolean(), check.GetProperty("keys").GetInt32()));
        }

        (await AdminShell.RunAsync("directory", "remove", name)).Refuses(2, "--yes");
        (await AdminShell.RunAsync("directory", "remove", name, "--yes")).Is(0);
        (await AdminShell.RunAsync("directory", "test", name)).Refuses(1, $"There is no identity provider '{name}'.");
    }

    [Fact]
    public async Task The_uris_to_register_are_shown_and_a_provider_that_is_down_fails_the_test()
    {
        await using var provider = await OidcTestProvider.StartAsync();
        provider.Down = true;
        var name = TestData.Name("Acme");

        var added = (await AdminShell.RunAsync(Secret, Add(name, provider.Issuer))).Is(0);

        var id = (await RowAsync(name))[^1];
        Assert.Equal(
            [$"Id\t{id}", $"Redirect URI\t{App.Root}oidc/{id}/callback", $"Back-channel logout URI\t{App.Root}oidc/backchannel-logout"],
            added.Lines
        );
        Assert.Contains("Users can't sign in with it yet: ", added.Errors, StringComparison.Ordinal);
        var tested = (await AdminShell.RunAsync("directory", "test", name, "--json")).Is(1);
        Assert.False(tested.Json.GetProperty("ok").GetBoolean());
        Assert.Equal("provider_check_failed", JsonDocument.Parse(tested.Errors).RootElement.GetProperty("code").GetString());
        provider.Down = false;
        Assert.Contains("Status\tok", (await AdminShell.RunAsync("directory", "test", name)).Is(0).Lines);
        (await AdminShell.RunAsync("directory", "remove", id, "--yes")).Is(0);
    }

    [Fact]
    public async Task A_provider_needs_a_secret_and_an_https_issuer()
    {
        var add = Add(TestData.Name("Acme"), "http://elsewhere.example");

        (await AdminShell.RunAsync("", add)).Refuses(2, "Client secret");
        (await AdminShell.RunAsync(Secret, add)).Refuses(1, "issuer: The issuer must be an https URL.");
        (await AdminShell.RunAsync(Secret, [.. add, "--admission", "everyone"])).Refuses(2, "everyone");
    }

    [Fact]
    public async Task Users_are_listed_by_source()
    {
        await using var provider = await OidcTestProvider.StartAsync();
        provider.Clock = App.Clock;
        (provider.Email, provider.Subject) = (TestData.Email("of-acme"), TestData.Name("subject"));
        var local = await App.CreateUserAsync();
        var request = ProviderScenario.Request(provider.Issuer, TestData.Name("Acme")) with { Admission = Admissions.Domains };
        var added = await ProviderScenario.AddAsync(App, request);
        using var browser = App.Anonymous();
        Assert.Equal("/", (await ProviderScenario.FollowAsync(browser, provider.Issuer, added.Id)).Location);

        foreach (
            var (source, listed, hidden) in new[] { ("local", local.Email, provider.Email), (added.Name, provider.Email, local.Email) }
        )
        {
            var emails = (await AdminShell.RunAsync("users", "list", "--source", source, "--all"))
                .Is(0)
                .Lines.Select(row => row.Split('\t')[0])
                .ToList();
            Assert.Contains(listed, emails);
            Assert.DoesNotContain(hidden, emails);
        }

        Assert.Contains($"Source\t{added.Name}", (await AdminShell.RunAsync("users", "show", provider.Email!)).Is(0).Lines);
        (await AdminShell.RunAsync("directory", "remove", added.Name, "--yes")).Is(0);
    }

    [Fact]
    public async Task A_break_glass_account_is_marked_and_unmarked()
    {
        var user = await App.CreateUserAsync();

        Assert.Contains("Break-glass\tyes", (await AdminShell.RunAsync("users", "break-glass", user.Email!)).Is(0).Lines);
        var unmarked = (await AdminShell.RunAsync("users", "break-glass", user.Email!, "--off", "--json")).Is(0).Json;

        Assert.False(unmarked.GetProperty("breakGlass").GetBoolean());
        Assert.DoesNotContain("Break-glass", (await AdminShell.RunAsync("users", "show", user.Email!)).Is(0).Output);
    }
}
