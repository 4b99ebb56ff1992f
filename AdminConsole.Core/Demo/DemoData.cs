using AdminConsole.Core.Authentication;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Demo;

/// <summary>The progress of adding demo data: what was added, and the share of the work that is done.</summary>
public sealed record DemoProgress(int Users, int Events, double Share);

/// <summary>Fills the console with demo users and a demo history, up to the requested numbers. Existing users are never
/// changed. Works in batches, each an ordinary change, so that memory stays constant for a million users and a running
/// server keeps working.</summary>
public sealed class DemoData(AppDbContext db, FirstAdministrator first, PasswordHashing hashing, TimeProvider clock)
{
    /// <summary>The administrator that is created when there are no users.</summary>
    public const string AdministratorEmail = "admin@example.com";

    private const int BatchSize = 500;

    // Events alone are written much faster than users.
    private const int EventsAtOnce = 50_000;

    // A server on the same SQLite file tries to get the write lock at least every 100 ms. Without these pauses it could
    // miss every gap between batches.
    private static readonly TimeSpan PauseEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);
    private static readonly Actor Seeder = Actor.System("demo data");

    /// <summary>Creates <see cref="AdministratorEmail"/> when there are no users, and returns its password, which must
    /// be changed at the first sign-in. Otherwise returns null.</summary>
    public async Task<Result<string?>> AddAdministratorAsync(CancellationToken ct)
    {
        if (!await first.IsNeededAsync(ct))
        {
            return (string?)null;
        }

        // A password needs a digit, which 1 in 2,000 secrets lacks.
        string password;
        do
        {
            password = Secret.Create();
        } while (!password.Any(char.IsDigit));

        var made = await first.BootstrapAsync(AdministratorEmail, password, ct);
        var email = AppUser.NormalizeLogin(AdministratorEmail);
        return made.Refusal is { } refusal ? refusal
            : await db.Users.AnyAsync(user => user.NormalizedEmail == email, ct) ? password
            : (string?)null; // Setup was completed concurrently.
    }

    /// <summary>Adds demo users and events about them, up to these numbers. Calls <paramref name="tell"/> after each
    /// batch.</summary>
    public async Task<Result<DemoProgress>> AddAsync(int users, int events, Action<DemoProgress> tell, CancellationToken ct)
    {
        // One password for all demo users, which is never disclosed.
        var passwordHash = await hashing.HashAsync(Secret.Create());
        if (passwordHash.Refusal is { } busy)
        {
            return busy;
        }

        var now = clock.Now();
        var factory = new DemoCrowd(
            await db.Roles.Where(role => role.BuiltIn).ToDictionaryAsync(role => role.Name!, role => role.Id, ct),
            passwordHash.Value,
            now
        );
        var missing = Math.Max(0, events - await db.AuditEvents.CountAsync(entry => entry.BatchId == DemoHistory.Batch, ct));
        var batches = Math.Max(1, Math.Max((users + BatchSize - 1) / BatchSize, (missing + EventsAtOnce - 1) / EventsAtOnce));
        var people = new DemoPeople();
        var added = new DemoProgress(0, 0, 0);
        var lastPause = clock.GetTimestamp();
        for (var batch = 0; batch < batches; batch++)
        {
            var slice = new DemoSlice(batch, batches, users, missing, now);
            var written = await db.ChangeAsync<DemoBatch>(
                Seeder,
                null,
                async change => await WriteAsync(change, slice, factory, people, ct),
                ct
            );
            db.ChangeTracker.Clear();
            if (written.Refusal is { } refusal)
            {
                return refusal;
            }

            people.Add(written.Value.People, new Random(batch));
            written.Value.Leavers.ForEach(people.Remove);
            added = new DemoProgress(added.Users + written.Value.Created, added.Events + slice.Events, (batch + 1d) / batches);
            tell(added);
            if (clock.GetElapsedTime(lastPause) > PauseEvery)
            {
                await Task.Delay(Pause, clock, ct);
                lastPause = clock.GetTimestamp();
            }
        }

        return added;
    }

    // Seeds the random numbers with the number of the batch, so that a retried batch is identical.
    private async Task<DemoBatch> WriteAsync(
        ChangeContext change,
        DemoSlice slice,
        DemoCrowd factory,
        DemoPeople people,
        CancellationToken ct
    )
    {
        var random = new Random(slice.Number);
        var history = new DemoHistory(people, random).Between(slice.From, slice.To, slice.Events);
        var names = slice.Users.Select(number => (Number: number, Name: DemoName.Of(number))).ToList();
        var emails = names.ConvertAll(entry => AppUser.NormalizeLogin(entry.Name.Email));
        var userNames = names.ConvertAll(entry => AppUser.NormalizeLogin(entry.Name.UserName));
        var existing =
            emails.Count == 0
                ? []
                : await db
                    .Users.AsNoTracking()
                    .Where(user => emails.Contains(user.NormalizedEmail!))
                    .ToDictionaryAsync(user => user.Email!, ct);
        var taken =
            emails.Count == 0
                ? []
                : await db
                    .Users.Where(user => userNames.Contains(user.NormalizedUserName!))
                    .Select(user => user.NormalizedUserName!)
                    .ToHashSetAsync(ct);

        var present = new List<DemoPerson>();
        var created = 0;
        foreach (var (number, name) in names)
        {
            if (!existing.TryGetValue(name.Email, out var user))
            {
                user = factory.Create(
                    number,
                    taken.Contains(AppUser.NormalizeLogin(name.UserName)) ? name with { UserName = name.Email } : name,
                    slice.TimeOf(number),
                    random,
                    history
                );
                db.Add(user);
                db.AddRange(
                    DemoPerson.RolesOf(number).Select(role => new IdentityUserRole<Guid> { UserId = user.Id, RoleId = factory.Roles[role] })
                );
                created++;
            }

            if (user.Active)
            {
                present.Add(DemoPerson.Of(user, number));
            }
        }

        var leavers = DemoCrowd.Leavers(created, people, slice, random);
        var ids = leavers.ConvertAll(leaver => leaver.Id);
        foreach (var user in ids.Count == 0 ? [] : await db.Users.Where(user => ids.Contains(user.Id) && user.Active).ToListAsync(ct))
        {
            DemoCrowd.Deactivate(user, people.Admin(random)!, slice, random, history);
        }

        foreach (var entry in history.OrderBy(entry => entry.At))
        {
            change.RecordInvented(entry.Action, entry.Target, entry.Details, entry.By, entry.At, entry.Batch);
        }

        return new DemoBatch(created, present, leavers);
    }
}

/// <summary>The result of one batch.</summary>
internal sealed record DemoBatch(int Created, List<DemoPerson> People, List<DemoPerson> Leavers);
