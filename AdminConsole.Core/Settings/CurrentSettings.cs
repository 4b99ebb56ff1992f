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

    private readonly IDisposable subscription;
    private volatile SystemSettings? known;
    private int epoch;

    public CurrentSettings(ChangeFeed feed) => subscription = feed.Listen(notices =>
    {
        if (notices.Any(notice => notice.TargetType == TargetType))
        {
            Interlocked.Increment(ref epoch);
            known = null;
        }
    });

    public void Dispose() => subscription.Dispose();

    internal async ValueTask<SystemSettings> GetAsync(AppDbContext db, CancellationToken ct)
    {
        if (known is { } remembered)
        {
            return remembered;
        }

        var before = Volatile.Read(ref epoch);
        var read = Read(await db.StoredSettings.AsNoTracking().SingleOrDefaultAsync(ct));
        if (Volatile.Read(ref epoch) == before)
        {
            known = read;
            // They changed between the look and the note.
            if (Volatile.Read(ref epoch) != before)
            {
                known = null;
            }
        }

        return read;
    }

    internal static SystemSettings Read(StoredSettings? row) => row is null ? new SystemSettings() : JsonSerializer.Deserialize<SystemSettings>(row.Json, JsonSerializerOptions.Web)!;
}
