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
        actor.Refused(Permissions.SettingsWrite) ?? Validation.Check(settings) ?? actor.RefusedUnlessFresh(clock.Now()) ?? await UnknownRoleAsync(settings, ct) ?? await db.ChangeAsync<SystemSettings>(
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

    /// <summary>Inside a change: what is asked of a role is asked of it by its new name too, and of nothing when it is gone.</summary>
    internal static async Task FollowRoleAsync(AppDbContext db, Change change, string oldName, string? newName, CancellationToken ct)
    {
        if (oldName == newName || await db.StoredSettings.SingleOrDefaultAsync(ct) is not { } row || CurrentSettings.Read(row) is not { } before || !before.SecondFactorRoles.Contains(oldName))
        {
            return;
        }

        var after = before with { SecondFactorRoles = [.. before.SecondFactorRoles.Select(name => name == oldName ? newName : name).OfType<string>()] };
        row.Json = JsonSerializer.Serialize(after, JsonSerializerOptions.Web);
        change.Record(AuditActions.SettingsUpdated, new AuditTarget(CurrentSettings.TargetType, null, null), new { changes = Changes(before, after) });
    }

    private async Task<Refusal?> UnknownRoleAsync(SystemSettings settings, CancellationToken ct)
    {
        var known = settings.SecondFactorRoles.Count == 0 ? [] : await db.Roles.Select(role => role.Name!).ToListAsync(ct);
        return settings.SecondFactorRoles.FirstOrDefault(name => !known.Contains(name)) is { } unknown ? Refusal.Invalid("unknown_role", $"There is no role '{unknown}'.") : null;
    }

    // Lists are compared, and shown in the log, as one text.
    private static object? Plain(object? value) => value is IEnumerable<string> list ? string.Join(", ", list.Order(StringComparer.Ordinal)) : value;

    private static FieldChange[] Changes(SystemSettings before, SystemSettings after) => FieldChange.Between(
        [.. typeof(SystemSettings).GetProperties().Select(setting =>
            new FieldChange(JsonNamingPolicy.CamelCase.ConvertName(setting.Name), Plain(setting.GetValue(before)), Plain(setting.GetValue(after))))]);
}
