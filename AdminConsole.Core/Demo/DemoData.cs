using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Demo;

/// <summary>How far the demonstration data is: what was added, and the share of the work that is done.</summary>
public sealed record DemoProgress(int Users, int Events, double Share);

/// <summary>
/// Fills the console with made-up people and a made-up history, up to the numbers asked for. Who exists is never
/// touched. Batch by
/// batch, each one change like any other, so memory stays the same for a million and a running server goes on working.
/// </summary>
public sealed class DemoData(AppDbContext db, FirstAdministrator first, PasswordHashing hashing, TimeProvider clock)
{
    /// <summary>The administrator that is created where there is no user at all.</summary>
    public const string AdministratorEmail = "admin@example.com";

    private const int BatchSize = 500;

    // Events alone are written much faster than users.
    private const int EventsAtOnce = 50_000;

    // A server that runs on the same SQLite file asks for its turn at least every 100 ms; without these pauses it could
    // miss every gap between batches.
    private static readonly TimeSpan PauseEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);
    private static readonly Actor Seeder = Actor.System("demo data");

    /// <summary>Creates <see cref="AdministratorEmail"/> where no user exists, and returns its password; it must be
    /// changed at the first sign-in. Else null.</summary>
    public async Task<Result<string?>> AddAdministratorAsync(CancellationToken ct)
    {
        if (!await first.IsNeededAsync(ct))
        {
            return (string?)null;
        }

        // A password needs a digit, which one secret in 2,000 has not.
        string password;
        do
        {
            password = Secret.Create();
        } while (!password.Any(char.IsDigit));

        var made = await first.BootstrapAsync(AdministratorEmail, password, ct);
        var email = AppUser.NormalizeLogin(AdministratorEmail);
        return made.Refusal is { } refusal ? refusal
            : await db.Users.AnyAsync(user => user.NormalizedEmail == email, ct) ? password
            : (string?)null; // The setup was completed in this very moment.
    }

    /// <summary>Adds what is missing to so many made-up people and so many events about them.</summary>
    public async Task<Result<DemoProgress>> AddAsync(int users, int events, Action<DemoProgress> tell, CancellationToken ct)
    {
        // One password for all of them, which nobody ever gets to know.
        var unknown = await hashing.HashAsync(Secret.Create());
        if (unknown.Refusal is { } busy)
        {
            return busy;
        }

        var now = clock.Now();
        var crowd = new DemoCrowd(
            await db.Roles.Where(role => role.BuiltIn).ToDictionaryAsync(role => role.Name!, role => role.Id, ct),
            unknown.Value,
            now
        );
        var missing = Math.Max(0, events - await db.AuditEvents.CountAsync(entry => entry.BatchId == DemoHistory.Batch, ct));
        var batches = Math.Max(1, Math.Max((users + BatchSize - 1) / BatchSize, (missing + EventsAtOnce - 1) / EventsAtOnce));
        var people = new DemoPeople();
        var added = new DemoProgress(0, 0, 0);
        var rested = clock.GetTimestamp();
        for (var batch = 0; batch < batches; batch++)
        {
            var slice = new DemoSlice(batch, batches, users, missing, now);
            var written = await db.ChangeAsync<DemoBatch>(
                Seeder,
                null,
                async change => await WriteAsync(change, slice, crowd, people, ct),
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
            if (clock.GetElapsedTime(rested) > PauseEvery)
            {
                await Task.Delay(Pause, clock, ct);
                rested = clock.GetTimestamp();
            }
        }

        return added;
    }

    // Draws lots from the batch's number, so that a batch that has to run again comes out the same.
    private async Task<DemoBatch> WriteAsync(
        ChangeContext change,
        DemoSlice slice,
        DemoCrowd crowd,
        DemoPeople people,
        CancellationToken ct
    )
    {
        var random = new Random(slice.Number);
        var history = new DemoHistory(people, random).Between(slice.From, slice.To, slice.Events);
        var names = slice.Users.Select(number => (Number: number, Name: DemoName.Of(number))).ToList();
        var emails = names.ConvertAll(one => AppUser.NormalizeLogin(one.Name.Email));
        var userNames = names.ConvertAll(one => AppUser.NormalizeLogin(one.Name.UserName));
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

        var there = new List<DemoPerson>();
        var created = 0;
        foreach (var (number, name) in names)
        {
            if (!existing.TryGetValue(name.Email, out var user))
            {
                user = crowd.Create(
                    number,
                    taken.Contains(AppUser.NormalizeLogin(name.UserName)) ? name with { UserName = name.Email } : name,
                    slice.TimeOf(number),
                    random,
                    history
                );
                db.Add(user);
                db.AddRange(
                    DemoPerson.RolesOf(number).Select(role => new IdentityUserRole<Guid> { UserId = user.Id, RoleId = crowd.Roles[role] })
                );
                created++;
            }

            if (user.Active)
            {
                there.Add(DemoPerson.Of(user, number));
            }
        }

        var leavers = DemoCrowd.Leavers(created, people, slice, random);
        var ids = leavers.ConvertAll(leaver => leaver.Id);
        foreach (var user in ids.Count == 0 ? [] : await db.Users.Where(user => ids.Contains(user.Id) && user.Active).ToListAsync(ct))
        {
            DemoCrowd.Deactivate(user, people.Admin(random)!, slice, random, history);
        }

        foreach (var one in history.OrderBy(one => one.At))
        {
            change.RecordMadeUp(one.Action, one.Target, one.Details, one.By, one.At, one.Batch);
        }

        return new DemoBatch(created, there, leavers);
    }
}

/// <summary>What one batch came to.</summary>
internal sealed record DemoBatch(int Created, List<DemoPerson> People, List<DemoPerson> Leavers);
