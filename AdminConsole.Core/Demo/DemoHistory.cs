using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Demo;

/// <summary>An invented event, ready for the audit log.</summary>
internal sealed record DemoEvent(DateTimeOffset At, string Action, AuditTarget? Target, object? Details, Actor By, Guid Batch);

/// <summary>Invents the history of demo users: mostly sign-ins, some wrong passwords, and administrative
/// operations.</summary>
internal sealed class DemoHistory(DemoPeople people, Random random)
{
    /// <summary>The batch id of every invented event, which distinguishes it from real ones.</summary>
    public static readonly Guid Batch = new("00000000-0000-7000-8000-0000000de302");

    private const string Password = "password";

    /// <summary>Returns exactly <paramref name="count"/> events between the two times, in order.</summary>
    public List<DemoEvent> Between(DateTimeOffset from, DateTimeOffset to, int count)
    {
        var events = new List<DemoEvent>(count);
        while (events.Count < count)
        {
            var at = from + ((to - from) * ((events.Count + random.NextDouble()) / count));
            var scenario = CreateScenario(at);
            events.AddRange(scenario.Length <= count - events.Count ? scenario : SignIn(at));
        }

        // Scenarios overlap, and times are stored in microseconds.
        return [.. events.Select(entry => entry with { At = Cut(entry.At < to ? entry.At : to) }).OrderBy(entry => entry.At)];
    }

    public static DateTimeOffset Cut(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private DemoEvent[] CreateScenario(DateTimeOffset at) =>
        random.Next(100) switch
        {
            < 62 => SignIn(at),
            < 74 => SignInAndOut(at),
            < 86 => Mistyped(at),
            < 89 => [Failure(at, UnknownCaller(at), null, "unknown_user")],
            < 92 => ChangedPassword(at),
            < 95 => Renamed(at),
            < 97 => RoleByMistake(at),
            < 98 => SentReset(at),
            < 99 => LockedOut(at),
            _ => Denied(at),
        };

    private DemoEvent[] SignIn(DateTimeOffset at) =>
        people.Present(random, at, stillSigningIn: true) is { } person
            ? [SignedIn(at, person.AsActor(random, at), person)]
            : [Failure(at, UnknownCaller(at), null, "unknown_user")];

    private DemoEvent[] SignInAndOut(DateTimeOffset at)
    {
        if (people.Present(random, at, stillSigningIn: true) is not { } person)
        {
            return [];
        }

        var by = person.AsActor(random, at);
        return
        [
            SignedIn(at, by, person),
            new(Later(at, 240), AuditActions.SignedOut, new("session", by.SessionId.ToString(), by.UserAgent), null, by, Batch),
        ];
    }

    private DemoEvent[] Mistyped(DateTimeOffset at) =>
        people.Present(random, at, stillSigningIn: true) is { } person
            ?
            [
                Failure(at, person.AsStranger(random, at), person, "wrong_password"),
                SignedIn(Later(at, 1), person.AsActor(random, at), person),
            ]
            : [];

    private DemoEvent[] ChangedPassword(DateTimeOffset at) =>
        people.Present(random, at, stillSigningIn: true) is { } person
            ? [new(at, AuditActions.PasswordChanged, person.AsTarget(), null, person.AsActor(random, at), Batch)]
            : [];

    private DemoEvent[] Renamed(DateTimeOffset at) =>
        ByAdmin(
            at,
            (admin, person) =>
                [
                    new(
                        at,
                        AuditActions.UserUpdated,
                        person.AsTarget(),
                        new { changes = new[] { new FieldChange("displayName", person.Email.Split('@')[0], person.DisplayName) } },
                        admin,
                        Batch
                    ),
                ]
        );

    // Removed shortly after, so that the log agrees with the stored role assignments.
    private DemoEvent[] RoleByMistake(DateTimeOffset at) =>
        ByAdmin(
            at,
            (admin, person) =>
                [
                    new(at, AuditActions.UserRoleAdded, person.AsTarget(), new { role = AppRole.Admin }, admin, Batch),
                    new(Later(at, 5), AuditActions.UserRoleRemoved, person.AsTarget(), new { role = AppRole.Admin }, admin, Batch),
                ]
        );

    private DemoEvent[] SentReset(DateTimeOffset at) =>
        ByAdmin(at, (admin, person) => [new(at, AuditActions.PasswordResetRequested, person.AsTarget(), null, admin, Batch)]);

    private DemoEvent[] LockedOut(DateTimeOffset at) =>
        ByAdmin(
            at,
            (admin, person) =>
                [
                    .. Enumerable
                        .Range(0, 10)
                        .Select(second => Failure(at.AddSeconds(second * 4), person.AsStranger(random, at), person, "wrong_password")),
                    new(
                        at.AddSeconds(37),
                        AuditActions.LockedOut,
                        person.AsTarget(),
                        new { until = at.AddMinutes(15) },
                        person.AsStranger(random, at),
                        Batch
                    ),
                    new(at.AddMinutes(3), AuditActions.UserUnlocked, person.AsTarget(), null, admin, Batch),
                ]
        );

    private DemoEvent[] Denied(DateTimeOffset at) =>
        people.Present(random, at, stillSigningIn: true) is { } person
            ?
            [
                new(
                    at,
                    AuditActions.AccessDenied,
                    null,
                    new { permission = Permissions.AuditRead, code = "forbidden" },
                    person.AsActor(random, at),
                    Batch
                ),
            ]
            : [];

    private DemoEvent[] ByAdmin(DateTimeOffset at, Func<Actor, DemoPerson, DemoEvent[]> scenario) =>
        people.Admin(random) is { } admin && people.Present(random, at, stillSigningIn: false) is { } person
            ? scenario(admin.AsActor(random, at), person)
            : [];

    private static DemoEvent SignedIn(DateTimeOffset at, Actor by, DemoPerson person) =>
        new(
            at,
            AuditActions.SignedIn,
            person.AsTarget(),
            new
            {
                method = Password,
                remember = false,
                newDevice = false,
            },
            by,
            Batch
        );

    private static DemoEvent Failure(DateTimeOffset at, Actor by, DemoPerson? person, string reason) =>
        new(at, AuditActions.SignInFailed, person?.AsTarget(), new { reason }, by, Batch);

    private static Actor UnknownCaller(DateTimeOffset at) =>
        Actor.Anonymous("192.0.2.200", "python-requests/2.32.5", Guid.CreateVersion7(at).ToString("N"));

    private DateTimeOffset Later(DateTimeOffset at, int minutes) => at + (TimeSpan.FromMinutes(minutes) * random.NextDouble());
}
