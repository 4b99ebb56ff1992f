using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>How connected devices end before their time.</summary>
internal static class DeviceRevocation
{
    /// <summary>Ends those that have not ended; answers how many. The row stays for the list, and no query that lets a
    /// device in finds it.</summary>
    public static Task<int> EndAsync(this IQueryable<ConnectedDevice> devices, DateTimeOffset at, CancellationToken ct) =>
        devices.ExecuteUpdateAsync(set => set.SetProperty(device => device.EndedAt, at), ct);
}
