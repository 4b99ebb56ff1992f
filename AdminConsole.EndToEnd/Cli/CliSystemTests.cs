namespace AdminConsole.EndToEnd.Cli;

/// <summary>The status of the server on the command line.</summary>
public sealed class CliSystemTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task An_administrator_sees_checks_and_workers_in_text_and_in_json()
    {
        using var admin = await app.SignInAdminAsync();
        using var shell = await Shell.SignedInAsync(app, admin);

        var words = (await shell.RunAsync("system")).Is(0);
        var json = (await shell.RunAsync("system", "--json")).Is(0).Json;

        Assert.All(
            ["Status\thealthy", "Check database\thealthy", "Database\tSQLite, "],
            line => Assert.Contains(line, words.Output, StringComparison.Ordinal)
        );
        Assert.Contains(words.Lines, line => line.StartsWith("Worker housekeeping\t", StringComparison.Ordinal));
        Assert.Equal("healthy", json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Other_users_are_refused()
    {
        var person = await app.SignedInUserAsync("Operator");
        using var shell = await Shell.SignedInAsync(app, person.Caller);

        (await shell.RunAsync("system")).Refuses(1, "settings.write");
    }
}
