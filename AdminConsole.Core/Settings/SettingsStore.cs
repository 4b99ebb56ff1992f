using System.Text.Json;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Settings;

/// <summary>Reads and changes the settings.</summary>
public sealed class SettingsStore(AppDbContext db, TimeProvider clock)
{
    public async Task<Result<SystemSettings>> GetAsync(Actor actor, CancellationToken ct) =>
        actor.Require(Permissions.SettingsWrite) is { } refused ? refused : await db.SettingsAsync(ct);

    /// <summary>Replaces all settings, with immediate effect. Refused as <c>validation_failed</c>, <c>unknown_role</c>
    /// or <c>fresh_sign_in_required</c>.</summary>
    public async Task<Result<SystemSettings>> UpdateAsync(Actor actor, SystemSettings settings, CancellationToken ct)
    {
        var organization = settings.OrganizationName?.Trim() is { Length: > 0 } name ? UnicodeText.Compose(name) : null;
        // Composing can lengthen a text, so its length is checked afterwards.
        settings = settings with
        {
            OrganizationName = organization,
        };
        return actor.Require(Permissions.SettingsWrite)
            ?? Validation.Check(settings)
            ?? (organization is null ? null : NameText.Check("organizationName", organization))
            ?? actor.RequireRecentSignIn(clock.Now())
            ?? await UnknownRoleAsync(settings, ct)
            ?? await ReplaceAsync(actor, settings, ct);
    }

    private Task<Result<SystemSettings>> ReplaceAsync(Actor actor, SystemSettings settings, CancellationToken ct) =>
        db.ChangeAsync<SystemSettings>(
            actor,
            Permissions.SettingsWrite,
            async change =>
                await WriteAsync(
                    db,
                    change,
                    before =>
                        settings with
                        {
                            SecondFactorRequiredFrom = RequiredFrom(before, settings, change.At),
                            ProviderRequiredRoles = before.ProviderRequiredRoles,
                        },
                    ct
                ),
            ct
        );

    /// <summary>Replaces the settings inside a change, and records what changed. Writes nothing if nothing did.</summary>
    internal static async Task<SystemSettings> WriteAsync(
        AppDbContext db,
        ChangeContext change,
        Func<SystemSettings, SystemSettings> edit,
        CancellationToken ct
    )
    {
        var row = await db.StoredSettings.SingleOrDefaultAsync(ct);
        var before = CurrentSettings.Read(row);
        var after = edit(before);
        var changes = Changes(before, after);
        if (changes.Length == 0)
        {
            return after;
        }

        if (row is null)
        {
            row = new StoredSettings { Id = StoredSettings.RowId, Json = "" };
            db.Add(row);
        }

        row.Json = JsonSerializer.Serialize(after, JsonSerializerOptions.Web);
        change.Record(AuditActions.SettingsUpdated, new AuditTarget(CurrentSettings.TargetType, null, null), new { changes });
        return after;
    }

    /// <summary>Counts the users affected if these roles required a second factor. Refused as
    /// <c>unknown_role</c>.</summary>
    public async Task<Result<SecondFactorImpact>> ImpactAsync(Actor actor, IReadOnlyList<string> roles, CancellationToken ct)
    {
        var proposed = new SystemSettings { SecondFactorRoles = roles };
        if ((actor.Require(Permissions.SettingsWrite) ?? Validation.Check(proposed) ?? await UnknownRoleAsync(proposed, ct)) is { } refused)
        {
            return refused;
        }

        var holders = db.Users.Where(user =>
            user.Active
            && db.UserRoles.Any(assignment =>
                assignment.UserId == user.Id && db.Roles.Any(role => role.Id == assignment.RoleId && roles.Contains(role.Name!))
            )
        );
        var without = holders.Where(user => !user.TwoFactorEnabled && !db.UserPasskeys.Any(passkey => passkey.UserId == user.Id));
        var method = await db
            .Sessions.Where(session => session.Id == actor.SessionId)
            .Select(session => session.Method)
            .SingleOrDefaultAsync(ct);
        var includesYou =
            method != SignInMethods.Passkey && await holders.AnyAsync(user => user.Id == actor.UserId && !user.TwoFactorEnabled, ct);
        return new SecondFactorImpact(
            await holders.CountAsync(ct),
            await without.CountAsync(ct),
            includesYou,
            (await db.SettingsAsync(ct)).SecondFactorGraceDays
        );
    }

    /// <summary>Updates the roles that the settings name, inside a change, when a role is renamed, or deleted (null
    /// name).</summary>
    internal static Task UpdateRoleNameAsync(AppDbContext db, ChangeContext change, string oldName, string? newName, CancellationToken ct)
    {
        return WriteAsync(
            db,
            change,
            before =>
                before with
                {
                    SecondFactorRoles = Renamed(before.SecondFactorRoles),
                    ProviderRequiredRoles = Renamed(before.ProviderRequiredRoles),
                    SecondFactorRequiredFrom = before
                        .SecondFactorRequiredFrom.Where(from => from.Key != oldName || newName is not null)
                        .ToDictionary(from => from.Key == oldName ? newName! : from.Key, from => from.Value),
                },
            ct
        );

        List<string> Renamed(IReadOnlyList<string> names) => [.. names.Select(name => name == oldName ? newName : name).OfType<string>()];
    }

    private async Task<Refusal?> UnknownRoleAsync(SystemSettings settings, CancellationToken ct)
    {
        var known = settings.SecondFactorRoles.Count == 0 ? [] : await db.Roles.Select(role => role.Name!).ToListAsync(ct);
        return settings.SecondFactorRoles.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? Refusal.Invalid("unknown_role", $"The role '{unknown}' doesn't exist.")
            : null;
    }

    // A role that already requires a second factor keeps its date. One without a date was required by an earlier
    // version, and stays in force.
    private static Dictionary<string, DateTimeOffset> RequiredFrom(SystemSettings before, SystemSettings after, DateTimeOffset now) =>
        after
            .SecondFactorRoles.Distinct()
            .Where(role => !before.SecondFactorRoles.Contains(role) || before.SecondFactorRequiredFrom.ContainsKey(role))
            .ToDictionary(
                role => role,
                role =>
                    before.SecondFactorRoles.Contains(role)
                        ? before.SecondFactorRequiredFrom[role]
                        : now.AddDays(after.SecondFactorGraceDays)
            );

    // Lists are compared and logged as one string.
    private static object? Plain(object? value) =>
        value switch
        {
            IEnumerable<string> list => string.Join(", ", list.Order(StringComparer.Ordinal)),
            IReadOnlyDictionary<string, DateTimeOffset> dates => string.Join(
                ", ",
                dates
                    .OrderBy(date => date.Key, StringComparer.Ordinal)
                    .Select(date => $"{date.Key} {date.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}")
            ),
            _ => value,
        };

    private static FieldChange[] Changes(SystemSettings before, SystemSettings after) =>
        FieldChange.Between([
            .. typeof(SystemSettings)
                .GetProperties()
                .Select(setting => new FieldChange(
                    JsonNamingPolicy.CamelCase.ConvertName(setting.Name),
                    Plain(setting.GetValue(before)),
                    Plain(setting.GetValue(after))
                )),
        ]);
}
