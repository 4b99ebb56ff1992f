using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using AdminConsole.Core;
using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AdminConsole.Tests.Upgrade;

/// <summary>A database of each released version, kept beside this file by scripts/keep-schema.sh, read by the present one.</summary>
public sealed class UpgradeTests
{
    public static TheoryData<DatabaseProvider, string> Kept()
    {
        var kept = new TheoryData<DatabaseProvider, string>();
        foreach (var version in Directory.GetDirectories(Folder()).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal))
        {
            kept.Add(DatabaseProvider.Sqlite, version);
            kept.Add(DatabaseProvider.PostgreSQL, version);
        }

        return kept;
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task A_database_of_that_version_is_brought_up_to_date_and_everything_in_it_is_there(DatabaseProvider provider, string version)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await (provider == DatabaseProvider.Sqlite ? UnpackAsync(version, database.Folder) : RestoreAsync(version, database));

        await using var app = await AdminApp.StartAsync(provider, database);
        using var admin = await app.SignInAdminAsync();

        Assert.Empty(await app.ReadAsync(async db => (await db.Database.GetPendingMigrationsAsync()).ToList()));
        var verification = (await admin.GetAsync("/api/audit/verify")).As<AuditVerification>();
        Assert.True(verification is { Valid: true, Events: > 8 }, verification.Problem);
        Assert.Equal(4, (await admin.GetAsync("/api/users")).As<Page<UserDetails>>().Total);
        Assert.Equal("Hélène Pfad", Assert.Single((await admin.GetAsync("/api/users?search=lène")).As<Page<UserDetails>>().Items).DisplayName);
        Assert.Equal("left", Assert.Single((await admin.GetAsync("/api/users?active=false")).As<Page<UserDetails>>().Items).DeactivatedReason);
        Assert.Equal("nightly", Assert.Single((await admin.GetAsync("/api/tokens")).As<Page<TokenSummary>>().Items).Name);
        var device = Assert.Single((await admin.GetAsync("/api/devices")).As<Page<DeviceSummary>>().Items);
        Assert.Equal(("laptop", true), (device.Name, device.FullAccess));
        using var helper = await app.SignInAsync("helper@example.com");
        (await helper.GetAsync("/api/users")).Is(200);
        (await helper.GetAsync("/api/audit")).Is(403);
        (await admin.PostAsync("/api/users", new { email = Some.Email() })).Is(201);
        Assert.True((await admin.GetAsync("/api/audit/verify")).As<AuditVerification>().Valid);
    }

    private static async Task UnpackAsync(string version, string folder)
    {
        await using var packed = new GZipStream(File.OpenRead(Path.Combine(Folder(), version, "console.db.gz")), CompressionMode.Decompress);
        await using var file = File.Create(Path.Combine(folder, "console.db"));
        await packed.CopyToAsync(file);
    }

    private static async Task RestoreAsync(string version, TestDatabase database)
    {
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo(Path.Combine(PostgresServer.Binaries, "psql"), ["-q", "-X", "-v", "ON_ERROR_STOP=1", "-h", address.Host!, "-p", $"{address.Port}", "-U", address.Username!, "-d", address.Database!])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var psql = Process.Start(start)!;
        psql.OutputDataReceived += (_, _) => { };
        psql.BeginOutputReadLine();
        await using (var packed = new GZipStream(File.OpenRead(Path.Combine(Folder(), version, "console.sql.gz")), CompressionMode.Decompress))
        {
            await packed.CopyToAsync(psql.StandardInput.BaseStream);
        }

        psql.StandardInput.Close();
        await psql.WaitForExitAsync();
        Assert.Equal(0, psql.ExitCode);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
