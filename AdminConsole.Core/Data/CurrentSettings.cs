using System.Text.Json;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

/// <summary>Caches the settings until the change feed reports a change. Thread-safe.</summary>
public sealed class CurrentSettings : IDisposable
{
    internal const string TargetType = AuditTargetTypes.Settings;

    private readonly ChangeFeed feed;
    private readonly IDisposable subscription;
    private volatile SystemSettings? cached;
    private volatile SystemSettings latest = new();
    private int epoch;

    public CurrentSettings(ChangeFeed feed)
    {
        this.feed = feed;
        subscription = feed.Listen(notices =>
        {
            if (notices.Any(notice => notice.TargetType == TargetType))
            {
                Interlocked.Increment(ref epoch);
                cached = null;
            }
        });
    }

    /// <summary>The settings as last read. They may be outdated, so use them only for display, not for
    /// decisions.</summary>
    public SystemSettings Latest => latest;

    public void Dispose() => subscription.Dispose();

    internal async ValueTask<SystemSettings> GetAsync(AppDbContext db, CancellationToken ct)
    {
        if (cached is { } settings && feed.IsComplete)
        {
            return settings;
        }

        var before = Volatile.Read(ref epoch);
        var read = Read(await db.StoredSettings.AsNoTracking().SingleOrDefaultAsync(ct));
        if (Volatile.Read(ref epoch) == before)
        {
            cached = latest = read;
            // The settings changed between the check and the assignment.
            if (Volatile.Read(ref epoch) != before)
            {
                cached = null;
            }
        }

        return read;
    }

    internal static SystemSettings Read(StoredSettings? row) =>
        row is null ? new SystemSettings() : JsonSerializer.Deserialize<SystemSettings>(row.Json, JsonSerializerOptions.Web)!;
}
