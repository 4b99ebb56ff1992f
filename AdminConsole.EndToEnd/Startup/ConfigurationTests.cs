using AdminConsole.Core.Common;
using AdminConsole.Startup;
using Moq;

namespace AdminConsole.EndToEnd.Startup;

public sealed class ConfigurationTests
{
    private static ConsoleSettings Read(string environment, params (string Key, string? Value)[] values) =>
        ConsoleSettings.Read(
            new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(value => value.Key, value => value.Value)).Build(),
            Mock.Of<IHostEnvironment>(host => host.EnvironmentName == environment && host.ContentRootPath == "/srv/console")
        );

    [Theory]
    [InlineData("Cookies:Secure", "perhaps")]
    [InlineData("Database:Provider", "Oracle")]
    [InlineData("Database:Provider", "7")]
    [InlineData("PublicUrl", "console.example.com")]
    [InlineData("PublicUrl", "ftp://console.example.com")]
    [InlineData("PublicUrl", "https://console.example.com/?a=b")]
    [InlineData("Proxies:Known", "10.0.0.1, proxy")]
    [InlineData("RateLimits:SignInPerMinute", "-1")]
    [InlineData("RateLimits:SignInPerMinute", "many")]
    [InlineData("Shutdown:DrainSeconds", "-1")]
    [InlineData("Shutdown:DrainSeconds", "3601")]
    [InlineData("Shutdown:DrainSeconds", "soon")]
    [InlineData("Cors:Origins", "https://app.example.com/")]
    [InlineData("Cors:Origins", "*")]
    [InlineData("Bootstrap:Email", "admin@example.com")]
    [InlineData("Bootstrap:Password", "correct horse battery 1")]
    public void A_wrong_value_is_named(string key, string value)
    {
        var wrong = Assert.Throws<SettingsException>(() => Read("Development", (key, value)));

        Assert.Contains(key, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_development_the_public_address_is_required() =>
        Assert.Contains("PublicUrl", Assert.Throws<SettingsException>(() => Read("Production")).Message, StringComparison.Ordinal);

    [Fact]
    public void PostgreSQL_needs_a_connection() =>
        Assert.Contains(
            "ConnectionStrings:Console",
            Assert.Throws<SettingsException>(() => Read("Development", ("Database:Provider", "PostgreSQL"))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Nothing_has_to_be_configured_in_development()
    {
        var settings = Read("Development");

        Assert.Equal(DatabaseProvider.Sqlite, settings.Database.Provider);
        Assert.Equal("Data Source=/srv/console/App_Data/console.db", settings.Database.ConnectionString);
        Assert.Equal((false, 30), (settings.SecureCookies, settings.SignInPerMinute));
        Assert.Null(settings.PublicUrl);
    }

    [Fact]
    public void Outside_development_cookies_are_secure() =>
        Assert.True(Read("Production", ("PublicUrl", "https://console.example.com")).SecureCookies);

    [Theory]
    [InlineData("Development", "PostgreSQL", null, 0)]
    [InlineData("Production", "Sqlite", null, 0)]
    [InlineData("Production", "PostgreSQL", null, 5)]
    [InlineData("Production", "PostgreSQL", "0", 0)]
    [InlineData("Development", "Sqlite", "7", 7)]
    public void Shutdown_waits_for_a_proxy_only_where_another_node_can_take_over(
        string environment,
        string provider,
        string? seconds,
        int expected
    ) =>
        Assert.Equal(
            TimeSpan.FromSeconds(expected),
            Read(
                environment,
                ("PublicUrl", "https://console.example.com"),
                ("Database:Provider", provider),
                ("ConnectionStrings:Console", provider == "Sqlite" ? null : "Host=db"),
                ("Shutdown:DrainSeconds", seconds)
            ).DrainTimeout
        );

    [Theory]
    [InlineData("Database:Provider", "Oracle", "Database:Provider")]
    [InlineData("Bootstrap:Email", "x", "Bootstrap:Password")]
    [InlineData("Urls", "http://127.0.0.1:not-a-port", "Urls must list")]
    [InlineData("Extensions", "/nowhere/Acme.Rules.dll", "Extensions lists")]
    [InlineData("Extensions", "/etc/hostname", "Extensions lists")]
    [InlineData("ConnectionStrings:Console", "Data Sauce=x", "ConnectionStrings:Console")]
    public async Task The_program_stops_with_a_message_and_no_stack_trace(string key, string value, string named)
    {
        var folder = Directory.CreateTempSubdirectory("adminconsole-test-").FullName;
        using var server = ServerProcess.Start(folder, (key, value));

        var code = await server.EndedAsync();

        Assert.Equal(1, code);
        Assert.Contains(named, server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_invalid_bootstrap_password_stops_the_program()
    {
        var folder = Directory.CreateTempSubdirectory("adminconsole-test-").FullName;
        using var server = ServerProcess.Start(folder, ("Bootstrap:Email", "boot@example.com"), ("Bootstrap:Password", "short1"));

        var code = await server.EndedAsync();

        Assert.Equal(1, code);
        Assert.Contains("Bootstrap:Email and Bootstrap:Password", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("short1", server.Output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
