using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>One run of an import: <see cref="PlanAsync"/> only reads, then <see cref="ApplyAsync"/> writes inside a
/// change. Queries the database in batches of rows, and applies the same rules as for a single user.</summary>
internal sealed partial class UserImporter(
    AppDbContext db,
    AppUserManager users,
    UserCredentialRevoker access,
    ChangeContext change,
    List<AppRole> roles
)
{
    private readonly Dictionary<string, int> emails = [];
    private readonly Dictionary<string, int> userNames = [];
    private readonly List<ImportError> errors = [];
    private readonly List<(UserRow Row, Guid UserId)> demotedAdministrators = [];
    private readonly List<Guid> newAdministrators = [];
    private readonly List<AppUser> created = [];
    private readonly List<IdentityUserRole<Guid>> assigned = [];
    private readonly List<AppUser> deactivated = [];

    public int Created => created.Count;

    public int Updated { get; private set; }

    public int Unchanged { get; private set; }

    /// <summary>True once a row changes a username or roles. The default role of a new user doesn't count.</summary>
    public bool NeedsRecentSignIn { get; private set; }

    public IReadOnlyList<ImportError> Errors => errors;

    public ImportResult ToResult(bool dryRun) => new(dryRun, Created, Updated, Unchanged, errors);

    /// <summary>Determines the effect of each row without writing. Existing users are tracked by the context.</summary>
    public async Task PlanAsync(IReadOnlyCollection<UserRow> all, CancellationToken ct)
    {
        // Malformed values must not reach a query: PostgreSQL rejects U+0000.
        var rows = all.Where(row => !AddError(row, Malformed(row) ?? EmailTwiceInFile(row))).ToList();
        var known = await KnownAsync(rows, ct);
        var ids = known.Values.Select(user => user.Id).ToList();
        var granted = (await db.UserRoles.Where(row => EF.Parameter(ids).Contains(row.UserId)).ToListAsync(ct)).ToLookup(row => row.UserId);
        var names = rows.ConvertAll(row => AppUser.NormalizeLogin(row.UserName ?? row.Email!));
        var owners = await db
            .Users.AsNoTracking()
            .Where(user => EF.Parameter(names).Contains(user.NormalizedUserName!))
            .Select(user => new { user.NormalizedUserName, user.Id })
            .ToDictionaryAsync(user => user.NormalizedUserName!, user => user.Id, ct);
        foreach (var row in rows)
        {
            var user = known.GetValueOrDefault((row.Email is null, row.Key));
            var refused = Taken(row, user, owners) ?? (user is null ? Create(row) : Update(row, user, [.. granted[user.Id]]));
            AddError(row, refused ?? await users.CheckAddedRulesAsync(user ?? created[^1]));
        }
    }

    /// <summary>Writes the planned changes.</summary>
    public async Task ApplyAsync(CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        await db.InsertRowsAsync(created, ct);
        await db.InsertRowsAsync(assigned, ct);
        foreach (var chunk in deactivated.Chunk(500))
        {
            await access.RevokeAsync(change, chunk, CredentialRevocation.SignedIn, ct);
        }
    }

    /// <summary>Returns true if an administrator who can sign in would remain. Applies the rule of
    /// <see cref="LastAdministratorRule.HoldsAsync"/> before the write.</summary>
    public async Task<bool> WouldLeaveAdministratorAsync(CancellationToken ct)
    {
        if (demotedAdministrators.Count == 0)
        {
            return true;
        }

        var administrators = await LastAdministratorRule
            .AdministratorsAbleToSignIn(db)
            .AsNoTracking()
            .Select(user => user.Id)
            .ToListAsync(ct);
        return administrators.Except(demotedAdministrators.ConvertAll(demoted => demoted.UserId)).Any()
            || await db.Users.AnyAsync(
                user =>
                    EF.Parameter(newAdministrators).Contains(user.Id)
                    && (user.PasswordHash != null || db.UserPasskeys.Any(passkey => passkey.UserId == user.Id)),
                ct
            );
    }

    /// <summary>Adds an error to each row that removes an administrator, because together the rows would leave
    /// none.</summary>
    public void AddLastAdministratorErrors()
    {
        demotedAdministrators.ForEach(demoted => AddError(demoted.Row, LastAdministratorRule.Violated));
        if (errors.Count == 0)
        {
            throw new InvalidOperationException("No row removes an administrator, but none would remain.");
        }
    }

    // Matches by email, and in rows without an email by the usernames of accounts without one.
    private async Task<Dictionary<(bool WithoutEmail, string Name), AppUser>> KnownAsync(List<UserRow> rows, CancellationToken ct)
    {
        var byEmail = rows.Where(row => row.Email is not null).Select(row => row.Key).ToList();
        var byUserName = rows.Where(row => row.Email is null).Select(row => row.Key).ToList();
        var known = await db.Users.Where(user => EF.Parameter(byEmail).Contains(user.NormalizedEmail!)).ToListAsync(ct);
        if (byUserName.Count > 0)
        {
            known.AddRange(
                await db
                    .Users.Where(user => user.Email == null && EF.Parameter(byUserName).Contains(user.NormalizedUserName!))
                    .ToListAsync(ct)
            );
        }

        return known.ToDictionary(user => user.Email is null ? (true, user.NormalizedUserName!) : (false, user.NormalizedEmail!));
    }

    private bool AddError(UserRow row, Refusal? refusal)
    {
        if (refusal is not null)
        {
            errors.Add(new ImportError(row.Row, refusal.Errors?.Keys.FirstOrDefault(), refusal.Code, refusal.Message));
        }

        return refusal is not null;
    }

    private static Refusal? Malformed(UserRow row) =>
        row.Email?.Length > Limits.Email ? Refusal.InvalidField("email", $"An email can't be longer than {Limits.Email} characters.")
        : row.DisplayName?.Length > Limits.DisplayName
            ? Refusal.InvalidField("displayName", $"A name can't be longer than {Limits.DisplayName} characters.")
        : row.Active is not null && !bool.TryParse(row.Active, out _)
            ? Refusal.InvalidField("active", "Enter true or false, or leave it empty.")
        : UserNameValidation.Check(row.Email, row.UserName, row.DisplayName ?? row.Email ?? row.UserName ?? "");

    private Refusal? EmailTwiceInFile(UserRow row) =>
        row.Email is null || emails.TryAdd(row.Key, row.Row)
            ? null
            : Refusal.Conflict("duplicate_email", $"Row {emails[row.Key]} already has this email.");

    // The username of a new user defaults to the email.
    private Refusal? Taken(UserRow row, AppUser? user, Dictionary<string, Guid> owners)
    {
        if (user is not null && row.UserName is null)
        {
            return null;
        }

        var name = row.UserName ?? row.Email!;
        return !userNames.TryAdd(AppUser.NormalizeLogin(name), row.Row)
                ? Refusal.Conflict("duplicate_user_name", $"Row {userNames[AppUser.NormalizeLogin(name)]} already has this username.")
            : owners.TryGetValue(AppUser.NormalizeLogin(name), out var owner) && owner != user?.Id
                ? Refusal.Conflict("duplicate_user_name", $"The username {name} is already in use.")
            : null;
    }

    private Refusal? Create(UserRow row)
    {
        string[] names = row.Roles is null ? [AppRole.User] : [.. row.Roles];
        var wanted = RolesOf(names);
        if (wanted.Refusal is { } unknown)
        {
            return unknown;
        }

        if (names is not [AppRole.User] && RefusedToAssign(wanted.Value) is { } denied)
        {
            return denied;
        }

        var active = row.Active is null || bool.Parse(row.Active);
        var user = AppUser.Create(row.Email, row.UserName, row.DisplayName, change.At);
        if (!active)
        {
            user.Deactivate(change.Actor, change.At, reason: null, until: null);
        }

        created.Add(user);
        assigned.AddRange(wanted.Value.Select(role => new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id }));
        change.Record(
            AuditActions.UserCreated,
            user.AsTarget(),
            new
            {
                user.Email,
                user.UserName,
                user.DisplayName,
                roles = wanted.Value.Select(role => role.Name),
                active,
                hasPassword = false,
            }
        );
        return null;
    }
}
