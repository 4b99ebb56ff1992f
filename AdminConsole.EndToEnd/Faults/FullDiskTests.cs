using System.Diagnostics;
using System.Runtime.CompilerServices;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.EndToEnd.Faults;

/// <summary>A small disk that fills up.</summary>
public sealed class FullDiskTests
{
    [OnSmallDisk]
    public async Task On_a_full_disk_changes_are_refused_and_nothing_acknowledged_is_lost()
    {
        using var disk = new SmallDisk();
        using var server = ServerProcess.Start(disk.Folder);
        using var admin = new ApiClient(await server.ListeningAsync());
        (await admin.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password })).Is(200);
        var ballast = Path.Combine(disk.Folder, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[new DriveInfo(disk.Folder).AvailableFreeSpace - 300_000]);
        var acknowledged = new List<Guid>();
        ApiResponse answer;

        while (
            (answer = await admin.PostAsync("/api/users", new { email = TestData.Email("full"), displayName = new string('x', 90) })).Status
            == 201
        )
        {
            acknowledged.Add(answer.As<UserDetails>().Id);
        }

        answer.Refuses(503, "unavailable");
        Assert.Contains("no room", answer.Text, StringComparison.Ordinal);
        Assert.NotEmpty(acknowledged);
        (await admin.GetAsync("/api/users")).Is(200);
        (await admin.GetAsync("/api/auth/me")).Is(200);
        (await admin.GetAsync("/health/live")).Is(200);
        File.Delete(ballast);
        (await admin.PostAsync("/api/users", new { email = TestData.Email("full") })).Is(201);
        server.Kill();
        await using var app = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            new TestDatabase(DatabaseProvider.Sqlite, $"Data Source={Path.Combine(disk.Folder, "console.db")}", disk.Folder)
        );
        using var again = await app.SignInAdminAsync();
        Assert.True((await again.GetAsync("/api/audit/verify")).As<AuditVerification>().Valid);
        Assert.All(await Task.WhenAll(acknowledged.Select(id => again.GetAsync($"/api/users/{id}"))), user => user.Is(200));
    }

    /// <summary>A test that mounts a small disk, which needs root.</summary>
    private sealed class OnSmallDiskAttribute : FactAttribute
    {
        public OnSmallDiskAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
            : base(file, line)
        {
            try
            {
                new SmallDisk().Dispose();
            }
            catch (InvalidOperationException refused)
            {
                Skip = refused.Message;
            }
        }
    }

    private sealed class SmallDisk : IDisposable
    {
        public SmallDisk() => Run("mount", "-t", "tmpfs", "-o", "size=12m", "none", Folder);

        public string Folder { get; } = Directory.CreateTempSubdirectory("adminconsole-full-").FullName;

        public void Dispose()
        {
            // A file may still be open for a moment; a lazy unmount completes with its last reader.
            Run("umount", "-l", Folder);
            Directory.Delete(Folder);
        }

        private static void Run(string program, params string[] arguments)
        {
            using var run = Process.Start(
                new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true }
            )!;
            run.WaitForExit();
            if (run.ExitCode != 0)
            {
                throw new InvalidOperationException($"Mounting a disk failed: {run.StandardError.ReadToEnd()}");
            }
        }
    }
}
