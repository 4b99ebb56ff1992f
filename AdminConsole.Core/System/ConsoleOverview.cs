using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.System;

/// <summary>Computes the figures of the overview page.</summary>
public sealed class ConsoleOverview(AppDbContext db, TimeProvider clock)
{
    private const int Hours = 24;

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Returns the current figures. Refused without users.read.</summary>
    public async Task<Result<OverviewFigures>> GetAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Require(Permissions.UsersRead) is { } refused)
        {
            return refused;
        }

        var now = clock.Now();
        var weekAgo = now - Week;
        var users = await db
            .Users.GroupBy(user => user.Active)
            .Select(group => new { Active = group.Key, Count = group.LongCount() })
            .ToListAsync(ct);
        return new OverviewFigures(
            users.Where(group => group.Active).Sum(group => group.Count),
            await db.Users.LongCountAsync(user => user.CreatedAt > weekAgo, ct),
            users.Where(group => !group.Active).Sum(group => group.Count),
            await db.Users.LongCountAsync(user => user.LockoutEnd > now && user.Active, ct),
            await db.UserRoles.LongCountAsync(
                assignment =>
                    db.Roles.Any(role => role.Id == assignment.RoleId && role.NormalizedName == "ADMIN")
                    && db.Users.Any(user => user.Id == assignment.UserId && user.Active),
                ct
            ),
            await db.Sessions.LongCountAsync(session => session.ExpiresAt > now, ct),
            await db.PersonalAccessTokens.ExpiringSoon(now).LongCountAsync(ct),
            await FailedAsync(now.AddHours(-Hours), null, ct),
            await FailedAsync(now.AddHours(-2 * Hours), now.AddHours(-Hours), ct)
        );
    }

    /// <summary>Counts the sign-ins up to now, oldest first: per hour for the last 24 hours when
    /// <paramref name="days"/> is 1, otherwise per day in the time zone. Refused without users.read.</summary>
    public async Task<Result<IReadOnlyList<SignInCount>>> SignInsAsync(Actor actor, int days, TimeZoneInfo zone, CancellationToken ct)
    {
        if (actor.Require(Permissions.UsersRead) is { } refused)
        {
            return refused;
        }

        var limits = days == 1 ? Hourly(clock.Now()) : Daily(clock.Now(), days, zone);
        var counts = new List<SignInCount>();
        var first = await FirstIdAsync(limits[0], ct);
        foreach (var (from, to) in limits.Zip(limits.Skip(1)))
        {
            var end = await FirstIdAsync(to, ct);
            var succeeded = await CountAsync(AuditActions.SignedIn, first, end, ct);
            counts.Add(new SignInCount(from, to, succeeded, await CountAsync(AuditActions.SignInFailed, first, end, ct)));
            first = end;
        }

        return counts;
    }

    private async Task<long> FailedAsync(DateTimeOffset from, DateTimeOffset? to, CancellationToken ct)
    {
        var end = to is { } until ? await FirstIdAsync(until, ct) : long.MaxValue;
        return await CountAsync(AuditActions.SignInFailed, await FirstIdAsync(from, ct), end, ct);
    }

    // Ids grow with time, and an index covers action and id, so the database counts without reading events.
    private Task<long> CountAsync(string action, long first, long end, CancellationToken ct) =>
        db.AuditEvents.LongCountAsync(entry => entry.Action == action && entry.Id >= first && entry.Id < end, ct);

    private async Task<long> FirstIdAsync(DateTimeOffset at, CancellationToken ct) =>
        await db
            .AuditEvents.Where(entry => entry.At >= at)
            .OrderBy(entry => entry.At)
            .Select(entry => (long?)entry.Id)
            .FirstOrDefaultAsync(ct)
        ?? long.MaxValue;

    // Returns the starts of the last hours, and the end of the last one.
    private static DateTimeOffset[] Hourly(DateTimeOffset now)
    {
        var last = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        return [.. Enumerable.Range(1 - Hours, Hours + 1).Select(hour => last.AddHours(hour))];
    }

    private static DateTimeOffset[] Daily(DateTimeOffset now, int days, TimeZoneInfo zone)
    {
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        return [.. Enumerable.Range(1 - days, days + 1).Select(day => Begin(today.AddDays(day)))];

        // The offset from UTC may change during a day.
        DateTimeOffset Begin(DateTime day) => new DateTimeOffset(day, zone.GetUtcOffset(day)).ToUniversalTime();
    }
}
