using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;
using AdminConsole.Core.Settings;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.System;

/// <summary>Recomputes normalized names that an earlier version folded without Unicode normalization. Of two users who
/// turn out to have the same name, both remain; the younger one can't sign in with it until it is changed. Of two roles
/// or saved views, the younger one is renamed.</summary>
internal sealed class StoredNames(AppDbContext db, ILogger log)
{
    public const string Step = "normalized-names-2";

    private const int BatchSize = 1000;

    private readonly Dictionary<Guid, Names> changed = [];

    /// <summary>Recomputes all names in one change, once per database.</summary>
    public async Task RefoldAsync(CancellationToken ct)
    {
        if (await db.DataSteps.AnyAsync(step => step.Name == Step, ct))
        {
            return;
        }

        await db.ChangeAsync<Unit>(
            Actor.System("upgrade"),
            null,
            async change =>
            {
                change.AllowedUnauditedWrite = UnauditedWrite.Migration;
                changed.Clear();
                await ReadUsersAsync(ct);
                await MarkDuplicatesAsync(change, ct);
                await WriteUsersAsync(ct);
                await RefoldRolesAsync(change, ct);
                await RefoldViewsAsync(ct);
                db.Add(new DataStep { Name = Step, DoneAt = change.At });
                return default(Unit);
            },
            ct
        );
        db.ChangeTracker.Clear();
    }

    private async Task ReadUsersAsync(CancellationToken ct)
    {
        var (after, more) = (Guid.Empty, true);
        while (more)
        {
            var rows = await Read(db.Users.Where(user => user.Id > after).OrderBy(user => user.Id).Take(BatchSize)).ToListAsync(ct);
            foreach (var row in rows)
            {
                var userName = EmailAddress.Fold(row.UserName);
                var email = row.Email is null ? AppUser.NormalizedWithoutEmail(userName, row.Id) : EmailAddress.Fold(row.Email);
                var search = AppUser.SearchTextOf(row.Email, row.UserName, row.DisplayName);
                if ((email, userName, search) != (row.NormalizedEmail, row.NormalizedUserName, row.SearchText))
                {
                    changed[row.Id] = row with { NormalizedEmail = email, NormalizedUserName = userName, SearchText = search };
                }
            }

            (after, more) = (rows.Count == 0 ? after : rows[^1].Id, rows.Count == BatchSize);
        }
    }

    private async Task MarkDuplicatesAsync(ChangeContext change, CancellationToken ct)
    {
        // Includes users whose names are already correct: an older account keeps its name, whether or not it changes
        // now.
        foreach (var chunk in changed.Values.ToList().Chunk(BatchSize))
        {
            List<string> emails = [.. chunk.Select(row => row.NormalizedEmail)];
            List<string> userNames = [.. chunk.Select(row => row.NormalizedUserName)];
            var others = await Read(
                    db.Users.Where(user =>
                        EF.Parameter(emails).Contains(user.NormalizedEmail!) || EF.Parameter(userNames).Contains(user.NormalizedUserName!)
                    )
                )
                .ToListAsync(ct);
            others.ForEach(row => changed.TryAdd(row.Id, row));
        }

        var withEmail = changed.Values.Where(row => row.Email is not null).ToList();
        Mark(change, "email", withEmail, row => row.NormalizedEmail, (row, marked) => row with { NormalizedEmail = marked });
        List<Names> all = [.. changed.Values];
        Mark(change, "username", all, row => row.NormalizedUserName, (row, marked) => row with { NormalizedUserName = marked });
        foreach (var row in changed.Values.Where(row => row.Email is null).ToList())
        {
            changed[row.Id] = row with { NormalizedEmail = AppUser.NormalizedWithoutEmail(row.NormalizedUserName, row.Id) };
        }
    }

    private void Mark(ChangeContext change, string field, List<Names> rows, Func<Names, string> name, Func<Names, string, Names> with)
    {
        foreach (var same in rows.GroupBy(name, StringComparer.Ordinal).Where(same => same.Count() > 1).ToList())
        {
            var byAge = same.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToList();
            foreach (var younger in byAge.Skip(1))
            {
                changed[younger.Id] = with(changed[younger.Id], AppUser.MarkedAsDuplicate(same.Key, younger.Id));
                change.Record(
                    AuditActions.UserUpdated,
                    new AuditTarget(AuditTargetTypes.User, younger.Id.ToString(), younger.Email ?? younger.UserName),
                    new { reason = $"same {field} as an older user", olderUser = byAge[0].Id }
                );
                log.LogWarning(
                    "Users {Older} and {Younger} have the same {Field} in two spellings. User {Marked} can't sign in with it until "
                        + "an administrator changes it.",
                    byAge[0].Id,
                    younger.Id,
                    field,
                    younger.Id
                );
            }
        }
    }

    // Updates in two steps: a row may get the previous name of another row, and the columns are unique.
    private async Task WriteUsersAsync(CancellationToken ct)
    {
        foreach (var id in changed.Keys)
        {
            var placeholder = AppUser.MarkedAsDuplicate("", id);
            await db
                .Users.Where(user => user.Id == id)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(user => user.NormalizedEmail, placeholder)
                            .SetProperty(user => user.NormalizedUserName, placeholder)
                            .SetProperty(user => user.SearchText, ""),
                    ct
                );
        }

        foreach (var row in changed.Values)
        {
            await db
                .Users.Where(user => user.Id == row.Id)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(user => user.NormalizedEmail, row.NormalizedEmail)
                            .SetProperty(user => user.NormalizedUserName, row.NormalizedUserName)
                            .SetProperty(user => user.SearchText, row.SearchText),
                    ct
                );
        }
    }

    private async Task RefoldRolesAsync(ChangeContext change, CancellationToken ct)
    {
        var roles = await db.Roles.AsTracking().OrderByDescending(role => role.BuiltIn).ThenBy(role => role.Id).ToListAsync(ct);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var role in roles)
        {
            var (oldName, name) = (role.Name!, FreeName(role.Name!, Limits.RoleName, taken));
            if (UnicodeText.Fold(name) == role.NormalizedName)
            {
                continue;
            }

            role.Change(name, role.Description, role.Permissions);
            await db.SaveChangesAsync(ct);
            if (name != oldName)
            {
                await SettingsStore.UpdateRoleNameAsync(db, change, oldName, name, ct);
                change.Record(
                    AuditActions.RoleUpdated,
                    role.AsTarget(),
                    new { changes = FieldChange.Between(new FieldChange("name", oldName, name)) }
                );
                log.LogWarning(
                    "Two roles have the same name in two spellings. The younger one, {Role}, is now named {Name}.",
                    role.Id,
                    name
                );
            }
        }
    }

    private async Task RefoldViewsAsync(CancellationToken ct)
    {
        foreach (var views in (await db.SavedViews.AsTracking().OrderBy(view => view.Id).ToListAsync(ct)).GroupBy(view => view.UserId))
        {
            var taken = new HashSet<string>(StringComparer.Ordinal);
            foreach (var view in views)
            {
                view.Name = FreeName(view.Name, Limits.ViewName, taken);
                view.NormalizedName = UnicodeText.Fold(view.Name);
                await db.SaveChangesAsync(ct);
            }
        }
    }

    // Returns the name, with a number appended when an older entry has the same name.
    private static string FreeName(string name, int maxLength, HashSet<string> taken)
    {
        var free = name;
        for (var number = 2; !taken.Add(UnicodeText.Fold(free)); number++)
        {
            free = $"{name[..Math.Min(name.Length, maxLength - 5)].TrimEnd()}-{number}";
        }

        return free;
    }

    private static IQueryable<Names> Read(IQueryable<AppUser> users) =>
        users.Select(user => new Names(
            user.Id,
            user.CreatedAt,
            user.Email,
            user.UserName!,
            user.DisplayName,
            user.NormalizedEmail!,
            user.NormalizedUserName!,
            user.SearchText
        ));

    private sealed record Names(
        Guid Id,
        DateTimeOffset CreatedAt,
        string? Email,
        string UserName,
        string DisplayName,
        string NormalizedEmail,
        string NormalizedUserName,
        string SearchText
    );
}
