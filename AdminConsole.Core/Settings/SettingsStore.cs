using System.Text.Json;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Settings;

/// <summary>Shows and changes the settings.</summary>
public sealed class SettingsStore(AppDbContext db, TimeProvider clock)
{
    public async Task<Result<SystemSettings>> GetAsync(Actor actor, CancellationToken ct) =>
        actor.Refused(Permissions.SettingsWrite) is { } refused ? refused : await db.SettingsAsync(ct);

    /// <summary>Replaces all settings; they are in force at once. Refused as <c>validation_failed</c>, <c>fresh_sign_in_required</c>.</summary>
    public async Task<Result<SystemSettings>> UpdateAsync(Actor actor, SystemSettings settings, CancellationToken ct) =>
        actor.Refused(Permissions.SettingsWrite) ?? Validation.Check(settings) ?? actor.RefusedUnlessFresh(clock.Now()) ?? await db.ChangeAsync<SystemSettings>(
            actor, Permissions.SettingsWrite, async change =>
            {
                var row = await db.StoredSettings.SingleOrDefaultAsync(ct);
                var changes = Changes(CurrentSettings.Read(row), settings);
                if (changes.Length == 0)
                {
                    return settings;
                }

                if (row is null)
                {
                    row = new StoredSettings { Id = StoredSettings.RowId, Json = "" };
                    db.Add(row);
                }

                row.Json = JsonSerializer.Serialize(settings, JsonSerializerOptions.Web);
                change.Record(AuditActions.SettingsUpdated, new AuditTarget(CurrentSettings.TargetType, null, null), new { changes });
                return settings;
            }, ct);

    private static FieldChange[] Changes(SystemSettings before, SystemSettings after) => FieldChange.Between(
        [.. typeof(SystemSettings).GetProperties().Select(setting =>
            new FieldChange(JsonNamingPolicy.CamelCase.ConvertName(setting.Name), setting.GetValue(before), setting.GetValue(after)))]);
}
