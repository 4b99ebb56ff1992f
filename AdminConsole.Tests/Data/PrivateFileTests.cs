using System.Runtime.Versioning;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using Microsoft.Data.Sqlite;

namespace AdminConsole.Tests.Data;

/// <summary>File permissions of the stored data.</summary>
[SupportedOSPlatform("linux")]
public sealed class PrivateFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode EverybodyFolder = Everybody | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string folder = Directory.CreateTempSubdirectory("adminconsole-private-").FullName;

    private string Data => Path.Combine(folder, "data");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<AdminApp> StartAsync() =>
        AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            new TestDatabase(DatabaseProvider.Sqlite, $"Data Source={Path.Combine(Data, "console.db")};Pooling=False", Data)
        );

    // The write-ahead log exists only while a connection is open, so the modes are read during one.
    private async Task<Dictionary<string, UnixFileMode>> ModesAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "console.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM \"Users\"";
        await command.ExecuteScalarAsync();
        return Directory
            .EnumerateFileSystemEntries(Data, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(Data, path), File.GetUnixFileMode);
    }

    private static bool IsPrivate(UnixFileMode mode) => mode is OwnerOnly or OwnerFolder;

    [Fact]
    public async Task A_new_installation_is_readable_by_the_process_user_only()
    {
        await using var app = await StartAsync();
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync("/api/users", new { email = TestData.Email(), invite = true })).Is(201);
        await AdminApp.UntilAsync(
            () =>
                Task.FromResult(
                    Directory.Exists(Path.Combine(Data, "mail")) && Directory.GetFiles(Path.Combine(Data, "mail"), "*.eml").Length > 0
                ),
            "a mail is written"
        );

        var modes = await ModesAsync();

        Assert.Equal(OwnerFolder, File.GetUnixFileMode(Data));
        Assert.Superset(
            new HashSet<string> { "console.db", "console.db-wal", "console.db-shm", "console.db.running", "mail" },
            modes.Keys.ToHashSet()
        );
        Assert.All(modes, entry => Assert.True(IsPrivate(entry.Value), $"{entry.Key}: {entry.Value}"));
    }

    [Fact]
    public async Task A_readable_installation_is_restricted_at_start_and_logged_once()
    {
        await (await StartAsync()).DisposeAsync();
        Directory.CreateDirectory(Path.Combine(Data, "mail"));
        await File.WriteAllTextAsync(Path.Combine(Data, "mail", "old.eml"), "a link");
        foreach (var path in Directory.EnumerateFileSystemEntries(Data, "*", SearchOption.AllDirectories).Append(Data))
        {
            File.SetUnixFileMode(path, Directory.Exists(path) ? OwnerFolder | EverybodyFolder : OwnerOnly | Everybody);
        }

        await using (var app = await StartAsync())
        {
            Assert.Equal(OwnerFolder, File.GetUnixFileMode(Data));
            Assert.All(await ModesAsync(), entry => Assert.True(IsPrivate(entry.Value), $"{entry.Key}: {entry.Value}"));
            Assert.Single(app.Log.Lines, line => line.Contains("Other users of this machine", StringComparison.Ordinal));
        }

        using var log = new CapturedLog();
        PrivateFiles.RestrictAccess(Data, Path.Combine(Data, "console.db"), log.CreateLogger("test"));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public void A_shared_folder_stays_readable_with_a_warning()
    {
        const UnixFileMode shared =
            OwnerFolder | EverybodyFolder | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;
        Directory.CreateDirectory(Data);
        File.SetUnixFileMode(Data, shared);
        using var log = new CapturedLog();

        PrivateFiles.RestrictAccess(Data, Path.Combine(Data, "console.db"), log.CreateLogger("test"));

        Assert.Equal(shared, File.GetUnixFileMode(Data));
        Assert.Contains(
            Data,
            Assert.Single(log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_database_in_a_shared_folder_is_private_and_the_folder_unchanged()
    {
        var database = Path.Combine(folder, "elsewhere.db");
        File.WriteAllText(database, "");
        File.SetUnixFileMode(database, OwnerOnly | Everybody);
        File.SetUnixFileMode(folder, OwnerFolder | EverybodyFolder);
        Directory.CreateDirectory(Data);
        using var log = new CapturedLog();

        PrivateFiles.RestrictAccess(Data, database, log.CreateLogger("test"));

        Assert.Equal((OwnerOnly, OwnerFolder | EverybodyFolder), (File.GetUnixFileMode(database), File.GetUnixFileMode(folder)));
        Assert.Single(log.Lines, line => line.StartsWith("Information", StringComparison.Ordinal));
    }
}
