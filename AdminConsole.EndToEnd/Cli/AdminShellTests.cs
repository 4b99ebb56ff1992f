namespace AdminConsole.EndToEnd.Cli;

/// <summary>Tests in an administrator's shell, which is signed in anew for each.</summary>
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
