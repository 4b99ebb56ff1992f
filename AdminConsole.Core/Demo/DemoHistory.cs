using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Demo;

/// <summary>Something that never happened, ready for the audit log.</summary>
internal sealed record DemoEvent(DateTimeOffset At, string Action, AuditTarget? Target, object? Details, Actor By, Guid Batch);

/// <summary>Makes up what people did: mostly they sign in, some mistype, and administrators look after them.</summary>
internal sealed class DemoHistory(DemoPeople people, Random random)
{
    /// <summary>Marks every event of a made-up history, so that it can be told from what really happened.</summary>
    public static readonly Guid Batch = new("00000000-0000-7000-8000-0000000de302");

    private const string Password = "password";

    /// <summary>Exactly so many events between the two times, in order.</summary>
    public List<DemoEvent> Between(DateTimeOffset from, DateTimeOffset to, int count)
    {
        var events = new List<DemoEvent>(count);
        while (events.Count < count)
        {
            var at = from + ((to - from) * ((events.Count + random.NextDouble()) / count));
            var scene = Scene(at);
            events.AddRange(scene.Length <= count - events.Count ? scene : SignIn(at));
        }

        // The scenes overlap, and times are kept in microseconds.
        return [.. events.Select(one => one with { At = Cut(one.At < to ? one.At : to) }).OrderBy(one => one.At)];
    }

    public static DateTimeOffset Cut(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private DemoEvent[] Scene(DateTimeOffset at) =>
        random.Next(100) switch
        {
            < 62 => SignIn(at),
            < 74 => SignInAndOut(at),
            < 86 => Mistyped(at),
            < 89 => [Failure(at, Nobody(at), null, "unknown_user")],
            < 92 => ChangedPassword(at),
            < 95 => Renamed(at),
            < 97 => RoleByMistake(at),
            < 98 => SentReset(at),
            < 99 => LockedOut(at),
            _ => Denied(at),
        };

    private DemoEvent[] SignIn(DateTimeOffset at) =>
        people.Present(random, at, stillSigningIn: true) is { } who
            ? [SignedIn(at, who.AsActor(random, at), who)]
            : [Failure(at, Nobody(at), null, "unknown_user")];

    private DemoEvent[] SignInAndOut(DateTimeOffset at)
    {
        if (people.Present(random, at, stillSigningIn: true) is not { } who)
        {
            return [];
        }

        var by = who.AsActor(random, at);
        return
        [
            SignedIn(at, by, who),
            new(Later(at, 240), AuditActions.SignedOut, new("session", by.SessionId.ToString(), by.UserAgent), null, by, Batch),
        ];
    }

    private DemoEvent[] Mistyped(DateTimeOffset at) =>
        people.Present(random, at, stillSigningIn: true) is { } who
            ? [Failure(at, who.AsStranger(random, at), who, "wrong_password"), SignedIn(Later(at, 1), who.AsActor(random, at), who)]
            : [];

    private DemoEvent[] ChangedPassword(DateTimeOffset at) =>
        people.Present(random, at, stillSigningIn: true) is { } who
            ? [new(at, AuditActions.PasswordChanged, who.AsTarget(), null, who.AsActor(random, at), Batch)]
            : [];

    private DemoEvent[] Renamed(DateTimeOffset at) =>
        ByAdmin(
            at,
            (admin, who) =>
                [
                    new(
                        at,
                        AuditActions.UserUpdated,
                        who.AsTarget(),
                        new { changes = new[] { new FieldChange("displayName", who.Email.Split('@')[0], who.DisplayName) } },
                        admin,
                        Batch
                    ),
                ]
        );

    // Taken back at once, so that the log agrees with what people hold.
    private DemoEvent[] RoleByMistake(DateTimeOffset at) =>
        ByAdmin(
            at,
            (admin, who) =>
                [
                    new(at, AuditActions.UserRoleAdded, who.AsTarget(), new { role = AppRole.Admin }, admin, Batch),
                    new(Later(at, 5), AuditActions.UserRoleRemoved, who.AsTarget(), new { role = AppRole.Admin }, admin, Batch),
                ]
        );

    private DemoEvent[] SentReset(DateTimeOffset at) =>
        ByAdmin(at, (admin, who) => [new(at, AuditActions.PasswordResetRequested, who.AsTarget(), null, admin, Batch)]);

    private DemoEvent[] LockedOut(DateTimeOffset at) =>
        ByAdmin(
            at,
            (admin, who) =>
                [
                    .. Enumerable
                        .Range(0, 10)
                        .Select(second => Failure(at.AddSeconds(second * 4), who.AsStranger(random, at), who, "wrong_password")),
                    new(
                        at.AddSeconds(37),
                        AuditActions.LockedOut,
                        who.AsTarget(),
                        new { until = at.AddMinutes(15) },
                        who.AsStranger(random, at),
                        Batch
                    ),
                    new(at.AddMinutes(3), AuditActions.UserUnlocked, who.AsTarget(), null, admin, Batch),
                ]
        );

    private DemoEvent[] Denied(DateTimeOffset at) =>
        people.Present(random, at, stillSigningIn: true) is { } who
            ?
            [
                new(
                    at,
                    AuditActions.AccessDenied,
                    null,
                    new { door = Permissions.AuditRead, code = "forbidden" },
                    who.AsActor(random, at),
                    Batch
                ),
            ]
            : [];

    private DemoEvent[] ByAdmin(DateTimeOffset at, Func<Actor, DemoPerson, DemoEvent[]> scene) =>
        people.Admin(random) is { } admin && people.Present(random, at, stillSigningIn: false) is { } who
            ? scene(admin.AsActor(random, at), who)
            : [];

    private static DemoEvent SignedIn(DateTimeOffset at, Actor by, DemoPerson who) =>
        new(
            at,
            AuditActions.SignedIn,
            who.AsTarget(),
            new
            {
                method = Password,
                remember = false,
                newDevice = false,
            },
            by,
            Batch
        );

    private static DemoEvent Failure(DateTimeOffset at, Actor by, DemoPerson? who, string reason) =>
        new(at, AuditActions.SignInFailed, who?.AsTarget(), new { reason }, by, Batch);

    private static Actor Nobody(DateTimeOffset at) =>
        Actor.Anonymous("192.0.2.200", "python-requests/2.32.5", Guid.CreateVersion7(at).ToString("N"));

    private DateTimeOffset Later(DateTimeOffset at, int minutes) => at + (TimeSpan.FromMinutes(minutes) * random.NextDouble());
}
