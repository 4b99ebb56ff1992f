using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Overview;

/// <summary>The figures of the first page.</summary>
public sealed class ConsoleOverview(AppDbContext db, TimeProvider clock)
{
    private const int Hours = 24;

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public async Task<Result<OverviewFigures>> GetAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Refused(Permissions.UsersRead) is { } refused)
        {
            return refused;
        }

        var now = clock.Now();
        var weekAgo = now - Week;
        var users = await db.Users.GroupBy(user => user.Active).Select(group => new { Active = group.Key, Count = group.LongCount() }).ToListAsync(ct);
        return new OverviewFigures(
            users.Where(group => group.Active).Sum(group => group.Count),
            await db.Users.LongCountAsync(user => user.CreatedAt > weekAgo, ct),
            users.Where(group => !group.Active).Sum(group => group.Count),
            await db.Users.LongCountAsync(user => user.LockoutEnd > now, ct),
            await db.UserRoles.LongCountAsync(held => db.Roles.Any(role => role.Id == held.RoleId && role.NormalizedName == "ADMIN") && db.Users.Any(user => user.Id == held.UserId && user.Active), ct),
            await db.Sessions.LongCountAsync(session => session.ExpiresAt > now, ct),
            await db.PersonalAccessTokens.ExpiringSoon(now).LongCountAsync(ct),
            await SignInsAsync(now, ct));
    }

    private async Task<List<SignInHour>> SignInsAsync(DateTimeOffset now, CancellationToken ct)
    {
        var first = now.AddHours(1 - Hours);
        first = new DateTimeOffset(first.Year, first.Month, first.Day, first.Hour, 0, 0, TimeSpan.Zero);
        var events = await db.AuditEvents
            .Where(entry => entry.At >= first && (entry.Action == AuditActions.SignedIn || entry.Action == AuditActions.SignInFailed))
            .Select(entry => new { entry.At, Failed = entry.Action == AuditActions.SignInFailed }).ToListAsync(ct);
        var byHour = events.ToLookup(entry => (int)(entry.At - first).TotalHours);
        return [.. Enumerable.Range(0, Hours).Select(hour => new SignInHour(
            first.AddHours(hour), byHour[hour].Count(entry => !entry.Failed), byHour[hour].Count(entry => entry.Failed)))];
    }
}
