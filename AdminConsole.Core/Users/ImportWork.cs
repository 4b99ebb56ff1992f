using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>An import under way, inside its change. Asks the database once for hundreds of rows, by the rules for one user.</summary>
internal sealed partial class ImportWork(AppDbContext db, UserAccess access, Change change, List<AppRole> roles)
{
    private readonly Dictionary<string, int> emails = [];
    private readonly Dictionary<string, int> userNames = [];
    private readonly List<ImportError> errors = [];
    private readonly List<UserRow> exAdministrators = [];

    public int Created { get; private set; }

    public int Updated { get; private set; }

    public int Unchanged { get; private set; }

    /// <summary>True once a row changes a username, or gives or takes a role other than the default of a new user.</summary>
    public bool NeedsRecentSignIn { get; private set; }

    public IReadOnlyList<ImportError> Errors => errors;

    public async Task TakeAsync(IReadOnlyCollection<UserRow> all, CancellationToken ct)
    {
        // What is malformed may not even be asked for: PostgreSQL takes no U+0000.
        var rows = all.Where(row => !Blame(row, Malformed(row) ?? TwiceInFile(row))).ToList();
        var addresses = rows.ConvertAll(row => AppUser.NormalizeLogin(row.Email));
        var known = await db.Users.Where(user => EF.Parameter(addresses).Contains(user.NormalizedEmail!)).ToDictionaryAsync(user => user.NormalizedEmail!, ct);
        var ids = known.Values.Select(user => user.Id).ToList();
        var held = (await db.UserRoles.Where(row => EF.Parameter(ids).Contains(row.UserId)).ToListAsync(ct)).ToLookup(row => row.UserId);
        var names = rows.ConvertAll(row => AppUser.NormalizeLogin(row.UserName ?? row.Email));
        var owners = await db.Users.Where(user => EF.Parameter(names).Contains(user.NormalizedUserName!)).ToDictionaryAsync(user => user.NormalizedUserName!, user => user.Id, ct);
        var deactivated = new List<AppUser>();
        foreach (var row in rows)
        {
            var user = known.GetValueOrDefault(AppUser.NormalizeLogin(row.Email));
            Blame(row, Taken(row, user, owners) ?? (user is null ? Create(row) : Update(row, user, [.. held[user.Id]], deactivated)));
        }

        if (errors.Count == 0)
        {
            await db.SaveChangesAsync(ct);
            await access.EndAsync(change, deactivated, AccessEnding.SignedIn, ct);
        }
    }

    /// <summary>Together the rows would leave no administrator: each that takes one away is at fault.</summary>
    public void BlameForLastAdministrator()
    {
        exAdministrators.ForEach(row => Blame(row, Administrators.LastOne));
        if (errors.Count == 0)
        {
            throw new InvalidOperationException("No row took an administrator away, yet none remains.");
        }
    }

    private bool Blame(UserRow row, Refusal? refusal)
    {
        if (refusal is not null)
        {
            errors.Add(new ImportError(row.Row, refusal.Errors?.Keys.FirstOrDefault(), refusal.Code, refusal.Message));
        }

        return refusal is not null;
    }

    private static Refusal? Malformed(UserRow row) =>
        row.Email.Length > Limits.Email ? Refusal.InvalidField("email", $"An address has up to {Limits.Email} characters.")
        : row.DisplayName?.Length > Limits.DisplayName ? Refusal.InvalidField("displayName", $"A display name has up to {Limits.DisplayName} characters.")
        : row.Active is not null && !bool.TryParse(row.Active, out _) ? Refusal.InvalidField("active", "This is true or false, or left empty.")
        : UserNames.Check(row.Email, row.UserName ?? row.Email, row.DisplayName ?? row.Email);

    private Refusal? TwiceInFile(UserRow row) =>
        !emails.TryAdd(AppUser.NormalizeLogin(row.Email), row.Row)
            ? Refusal.Conflict("duplicate_email", $"Row {emails[AppUser.NormalizeLogin(row.Email)]} has this address already.")
        : row.UserName is { } name && !userNames.TryAdd(AppUser.NormalizeLogin(name), row.Row)
            ? Refusal.Conflict("duplicate_user_name", $"Row {userNames[AppUser.NormalizeLogin(name)]} has this user name already.")
        : null;

    private static Refusal? Taken(UserRow row, AppUser? user, Dictionary<string, Guid> owners) =>
        (user is null || row.UserName is not null) && owners.TryGetValue(AppUser.NormalizeLogin(row.UserName ?? row.Email), out var owner) && owner != user?.Id
            ? Refusal.Conflict("duplicate_user_name", $"The user name {row.UserName ?? row.Email} belongs to another user.")
            : null;

    private Refusal? Create(UserRow row)
    {
        string[] names = row.Roles is null ? [AppRole.User] : [.. row.Roles];
        var wanted = RolesOf(names);
        if (wanted.Refusal is { } unknown)
        {
            return unknown;
        }

        if (names is not [AppRole.User] && RefusedToAssign(wanted.Value) is { } unentitled)
        {
            return unentitled;
        }

        var active = row.Active is null || bool.Parse(row.Active);
        var user = AppUser.Create(row.Email, row.UserName, row.DisplayName, change.At);
        if (!active)
        {
            user.Deactivate(change.Actor, change.At, reason: null, until: null);
        }

        db.Add(user);
        db.AddRange(wanted.Value.Select(role => new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id }));
        change.Record(AuditActions.UserCreated, user.AsTarget(), new { user.Email, user.UserName, user.DisplayName, roles = wanted.Value.Select(role => role.Name), active, hasPassword = false });
        Created++;
        return null;
    }
}
