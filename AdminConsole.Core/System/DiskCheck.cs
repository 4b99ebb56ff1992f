using AdminConsole.Core.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Core.System;

/// <summary>Checks the free disk space for the data. Degraded below the limit. On SQLite, unhealthy below a tenth of
/// it, because the database itself is in danger.</summary>
public sealed class DiskCheck(DataDisk disk, DatabaseOptions database) : IHealthCheck
{
    internal const string Name = "disk";

    private const int Danger = 10;
    private const double Mebibyte = 1024 * 1024;

    /// <summary>The bytes that this process may still write: in the data directory, or on the disk of the SQLite file
    /// when that has less.</summary>
    public long Free => Math.Min(FreeIn(disk.Folder), database.File is { } file ? FreeIn(Path.GetDirectoryName(file)!) : long.MaxValue);

    /// <summary>The bytes that should be free.</summary>
    public long MinimumFree => disk.MinimumFreeBytes;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var free = Free;
            var problem = $"{free / Mebibyte:N0} MiB are free where the data is; there should be {disk.MinimumFreeBytes / Mebibyte:N0}.";
            return Task.FromResult(
                free >= disk.MinimumFreeBytes ? HealthCheckResult.Healthy()
                : database.File is not null && free < disk.MinimumFreeBytes / Danger ? HealthCheckResult.Unhealthy(problem)
                : HealthCheckResult.Degraded(problem)
            );
        }
        catch (IOException exception)
        {
            return Task.FromResult(
                HealthCheckResult.Degraded($"How much is free where the data is cannot be seen. {Problem.Of(exception)}")
            );
        }
    }

    private static long FreeIn(string folder) => new DriveInfo(folder).AvailableFreeSpace;
}
