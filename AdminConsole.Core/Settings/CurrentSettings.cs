using System.Text.Json;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Settings;

/// <summary>Remembers the settings until the change feed tells of new ones.</summary>
public sealed class CurrentSettings : IDisposable
{
    internal const string TargetType = "settings";

    private readonly ChangeFeed feed;
    private readonly IDisposable subscription;
    private volatile SystemSettings? known;
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
                known = null;
            }
        });
    }

    /// <summary>The settings as they were read last, for hints; what is decided by them is read anew after each
    /// change.</summary>
    public SystemSettings Latest => latest;

    public void Dispose() => subscription.Dispose();

    internal async ValueTask<SystemSettings> GetAsync(AppDbContext db, CancellationToken ct)
    {
        if (known is { } remembered && feed.IsComplete)
        {
            return remembered;
        }

        var before = Volatile.Read(ref epoch);
        var read = Read(await db.StoredSettings.AsNoTracking().SingleOrDefaultAsync(ct));
        if (Volatile.Read(ref epoch) == before)
        {
            known = latest = read;
            // They changed between the look and the note.
            if (Volatile.Read(ref epoch) != before)
            {
                known = null;
            }
        }

        return read;
    }

    internal static SystemSettings Read(StoredSettings? row) =>
        row is null ? new SystemSettings() : JsonSerializer.Deserialize<SystemSettings>(row.Json, JsonSerializerOptions.Web)!;
}
