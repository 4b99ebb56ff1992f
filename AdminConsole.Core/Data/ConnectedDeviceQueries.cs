using AdminConsole.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

/// <summary>Updates of connected devices.</summary>
internal static class ConnectedDeviceQueries
{
    /// <summary>Ends the devices that have not ended yet. Returns their number. The rows are still listed, but the
    /// query filter excludes them from authentication.</summary>
    public static Task<int> EndAsync(this IQueryable<ConnectedDevice> devices, DateTimeOffset at, CancellationToken ct) =>
        devices.ExecuteUpdateAsync(set => set.SetProperty(device => device.EndedAt, at), ct);
}
