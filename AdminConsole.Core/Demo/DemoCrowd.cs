using AdminConsole.Core.Changes;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;

namespace AdminConsole.Core.Demo;

/// <summary>Creates demo users: most have a password, some never signed in, a few are locked out, and some are
/// deactivated later.</summary>
internal sealed class DemoCrowd(IReadOnlyDictionary<string, Guid> roles, string passwordHash, DateTimeOffset now)
{
    /// <summary>The batch id of the events about demo users.</summary>
    public static readonly Guid Batch = new("00000000-0000-7000-8000-0000000de301");

    // About half of the chosen users signed in later, and remain active.
    private const double Leaving = 0.12;
    private static readonly Actor Seeder = Actor.System("demo data");

    // The real lockout lasts minutes. A demonstration should still show it the next day.
    private static readonly TimeSpan DemoLockout = TimeSpan.FromDays(30);

    public IReadOnlyDictionary<string, Guid> Roles { get; } = roles;

    public AppUser Create(int number, DemoName name, DateTimeOffset at, Random random, List<DemoEvent> history)
    {
        var user = AppUser.Create(name.Email, name.UserName, name.DisplayName, at);
        // A demo administrator gets no password. Otherwise the last real one could be removed, and no administrator
        // could sign in.
        if (!DemoPerson.RolesOf(number).Contains(AppRole.Admin) && random.Next(100) < 65)
        {
            user.SetPassword(passwordHash, mustChange: random.Next(100) < 5, at);
            if (random.Next(100) < 92)
            {
                user.RecordSignIn(DemoHistory.Cut(at + ((now - at) * (1 - Math.Pow(random.NextDouble(), 3)))));
            }
        }

        history.Add(
            new(
                at,
                AuditActions.UserCreated,
                user.AsTarget(),
                new
                {
                    user.Email,
                    user.UserName,
                    user.DisplayName,
                    hasPassword = user.PasswordHash is not null,
                    roles = DemoPerson.RolesOf(number),
                },
                Seeder,
                Batch
            )
        );
        if (user.PasswordHash is not null && number % 250 == 99)
        {
            user.LockOut(now + DemoLockout);
            history.Add(new(at, AuditActions.LockedOut, user.AsTarget(), new { until = user.LockoutEnd }, Seeder, Batch));
        }

        return user;
    }

    /// <summary>Selects the earlier users to deactivate now, in proportion to the users created.</summary>
    public static List<DemoPerson> Leavers(int created, DemoPeople people, DemoSlice slice, Random random)
    {
        if (people.Admin(random) is null)
        {
            return [];
        }

        var count = (int)Math.Round(created * Leaving);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => people.Present(random, slice.From, stillSigningIn: false))
                .OfType<DemoPerson>()
                .Where(person => person.LastSignInAt is not { } last || last < slice.From)
                .Distinct(),
        ];
    }

    public static void Deactivate(AppUser user, DemoPerson admin, DemoSlice slice, Random random, List<DemoEvent> history)
    {
        var at = DemoHistory.Cut(slice.From + ((slice.To - slice.From) * random.NextDouble()));
        var by = admin.AsActor(random, at);
        user.Deactivate(by, at, DemoPerson.LeavingReasons[random.Next(DemoPerson.LeavingReasons.Length)], until: null);
        history.Add(
            new(at, AuditActions.UserDeactivated, user.AsTarget(), new { reason = user.DeactivatedReason, sessionsEnded = 0 }, by, Batch)
        );
    }
}
