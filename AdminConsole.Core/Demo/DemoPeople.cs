using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;

namespace AdminConsole.Core.Demo;

/// <summary>The properties of a demo user that the invented history needs.</summary>
internal sealed record DemoPerson(
    Guid Id,
    string Email,
    string DisplayName,
    bool IsAdmin,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt
)
{
    public static readonly string[] LeavingReasons =
    [
        "Left the company",
        "Parental leave",
        "Contract ended",
        "Moved to another subsidiary",
        "Sabbatical",
        "Account no longer needed",
        "Duplicate account",
        "Internship ended",
    ];

    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 "
            + "Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    ];

    // Networks reserved for documentation (RFC 5737).
    private static readonly string[] Networks = ["192.0.2.", "198.51.100.", "203.0.113."];

    public static DemoPerson Of(AppUser user, int number) =>
        new(user.Id, user.Email!, user.DisplayName, RolesOf(number).Contains(AppRole.Admin), user.CreatedAt, user.LastSignInAt);

    /// <summary>Returns the roles of a demo user. Most have only the User role. Four are administrators, one in thirty
    /// is an operator, and a few have several roles.</summary>
    public static string[] RolesOf(int number) =>
        number is 0 or 70 or 700 ? [AppRole.Admin, AppRole.User]
        : number is 300 ? [AppRole.Admin, AppRole.Operator, AppRole.User]
        : (DemoName.Scatter(number) / 100 % 60) switch
        {
            0 => [AppRole.Operator],
            1 => [AppRole.Operator, AppRole.User],
            _ => [AppRole.User],
        };

    public AuditTarget AsTarget() => new(AuditTargetTypes.User, Id.ToString(), Email);

    /// <summary>Returns the user as an actor with a browser session. A user mostly keeps the same IP address and
    /// browser.</summary>
    public Actor AsActor(Random random, DateTimeOffset at) =>
        From(random, at) with
        {
            UserId = Id,
            Name = Email,
            Via = AuthenticationMethod.Session,
            SessionId = Guid.CreateVersion7(at),
        };

    /// <summary>Returns an anonymous actor with the IP address and browser that the user mostly has.</summary>
    public Actor AsStranger(Random random, DateTimeOffset at) => From(random, at);

    private Actor From(Random random, DateTimeOffset at)
    {
        var usual = (uint)(random.Next(8) == 0 ? random.Next() : Id.GetHashCode());
        return Actor.Anonymous(
            $"{Networks[usual % Networks.Length]}{(usual / 7 % 253) + 1}",
            Agents[usual / 3 % Agents.Length],
            Guid.CreateVersion7(at).ToString("N")
        );
    }
}

/// <summary>A sample of a few thousand demo users to invent history for, so that memory stays constant.</summary>
internal sealed class DemoPeople
{
    private const int MaxPeople = 4_000;
    private const int Tries = 16;

    private readonly List<DemoPerson> people = [];
    private readonly List<DemoPerson> admins = [];

    public void Add(IEnumerable<DemoPerson> more, Random random)
    {
        foreach (var person in more)
        {
            if (person.IsAdmin)
            {
                admins.Add(person);
            }
            else if (people.Count < MaxPeople)
            {
                people.Add(person);
            }
            else
            {
                people[random.Next(MaxPeople)] = person;
            }
        }
    }

    public void Remove(DemoPerson person) => people.Remove(person);

    public DemoPerson? Admin(Random random) => admins.Count == 0 ? null : admins[random.Next(admins.Count)];

    /// <summary>Returns a user who had an account at that time and, with <paramref name="stillSigningIn"/>, also signed
    /// in after it. Null when none is found quickly.</summary>
    public DemoPerson? Present(Random random, DateTimeOffset at, bool stillSigningIn)
    {
        for (var attempt = 0; attempt < Tries && people.Count > 0; attempt++)
        {
            var person = people[random.Next(people.Count)];
            if (person.CreatedAt < at && (!stillSigningIn || person.LastSignInAt > at))
            {
                return person;
            }
        }

        return null;
    }
}
