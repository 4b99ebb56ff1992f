namespace AdminConsole.EndToEnd.Cli;

/// <summary>Base class of tests in the shell of an administrator, who signs in anew for each test.</summary>
public abstract class AdminShellTests(SqliteApp app) : IClassFixture<SqliteApp>, IAsyncLifetime
{
    private protected SqliteApp App { get; } = app;

    private protected ApiClient Admin { get; private set; } = default!;

    private protected Shell AdminShell { get; private set; } = default!;

    public async ValueTask InitializeAsync()
    {
        Admin = await App.SignInAdminAsync();
        AdminShell = await Shell.SignedInAsync(App, Admin);
    }

    public ValueTask DisposeAsync()
    {
        AdminShell.Dispose();
        Admin.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
