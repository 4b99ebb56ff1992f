namespace AdminConsole.Tests.Health;

public abstract class HealthTests(AdminApp app)
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_running_console_is_healthy(string path)
    {
        using var caller = app.Anybody();

        var answer = await caller.GetAsync(path);

        Assert.Equal("Healthy", answer.Is(200).Text);
    }

    public sealed class OnSqlite(SqliteApp app) : HealthTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : HealthTests(app), IClassFixture<PostgresApp>;
}
