using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AdminConsole.Core.Common;
using Npgsql;

namespace AdminConsole.Tests.Upgrade;

/// <summary>The secrets of a kept database, and a time at which they are still valid.</summary>
public sealed record KeptSecrets(
    DateTimeOffset At,
    string ResetToken,
    string InvitationToken,
    string AuthenticatorKey,
    string RecoveryCode,
    string PasskeyId
);

/// <summary>The databases of earlier versions, each a folder beside this file with a packed file per
/// provider.</summary>
public static class KeptDatabase
{
    public static IEnumerable<string> Versions =>
        Directory.GetDirectories(Root()).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public static bool HasSecrets(string version) => File.Exists(SecretsOf(version, DatabaseProvider.Sqlite));

    public static async Task<KeptSecrets> SecretsAsync(string version, DatabaseProvider provider) =>
        JsonSerializer.Deserialize<KeptSecrets>(await File.ReadAllTextAsync(SecretsOf(version, provider)))!;

    /// <summary>Creates a database with the kept data.</summary>
    public static async Task<TestDatabase> RestoreAsync(string version, DatabaseProvider provider)
    {
        var database = await TestDatabase.CreateAsync(provider);
        await using var packed = new GZipStream(File.OpenRead(PathOf(version, provider)), CompressionMode.Decompress);
        if (provider == DatabaseProvider.Sqlite)
        {
            await using var file = File.Create(Path.Combine(database.Folder, "console.db"));
            await packed.CopyToAsync(file);
            return database;
        }

        using var psql = Process.Start(Program("psql", database.ConnectionString, ["-q", "-X", "-v", "ON_ERROR_STOP=1"]))!;
        psql.OutputDataReceived += (_, _) => { };
        psql.BeginOutputReadLine();
        await packed.CopyToAsync(psql.StandardInput.BaseStream);
        psql.StandardInput.Close();
        await psql.WaitForExitAsync();
        Assert.Equal(0, psql.ExitCode);
        return database;
    }

    /// <summary>Stores a database that no program uses any more under a version.</summary>
    public static async Task KeepAsync(string version, TestDatabase database, KeptSecrets secrets)
    {
        Directory.CreateDirectory(Path.Combine(Root(), version));
        await File.WriteAllTextAsync(SecretsOf(version, database.Provider), JsonSerializer.Serialize(secrets));
        await using var packed = new GZipStream(File.Create(PathOf(version, database.Provider)), CompressionLevel.SmallestSize);
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            var copy = Path.Combine(database.Folder, "kept.db");
            await database.ExecuteAsync($"VACUUM INTO '{copy}'");
            await using var file = File.OpenRead(copy);
            await file.CopyToAsync(packed);
            return;
        }

        var superuser = await PostgresServer.AsSuperuserAsync(database.ConnectionString);
        using var dump = Process.Start(Program("pg_dump", superuser, ["--no-owner", "--no-privileges"]))!;
        await using var text = new StreamWriter(packed);
        while (await dump.StandardOutput.ReadLineAsync() is { } line)
        {
            // Newer dumps contain commands that an older psql does not know.
            if (!line.StartsWith(@"\restrict ", StringComparison.Ordinal) && !line.StartsWith(@"\unrestrict ", StringComparison.Ordinal))
            {
                await text.WriteLineAsync(line);
            }
        }

        await dump.WaitForExitAsync();
        Assert.Equal(0, dump.ExitCode);
    }

    private static ProcessStartInfo Program(string name, string connectionString, string[] options)
    {
        var at = new NpgsqlConnectionStringBuilder(connectionString);
        return new(
            Path.Combine(PostgresServer.Binaries, name),
            [.. options, "-h", at.Host!, "-p", $"{at.Port}", "-U", at.Username!, "-d", at.Database!]
        )
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
    }

    private static string PathOf(string version, DatabaseProvider provider) =>
        Path.Combine(Root(), version, provider == DatabaseProvider.Sqlite ? "console.db.gz" : "console.sql.gz");

    private static string SecretsOf(string version, DatabaseProvider provider) =>
        Path.Combine(Root(), version, $"secrets-{provider.ToString().ToLowerInvariant()}.json");

    private static string Root([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
