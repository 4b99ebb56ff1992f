using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

/// <summary>Verifies codes of authenticator apps (RFC 6238), each accepted once. Outside a change, it only reports
/// whether a code matches, which may require reading the key ring. Inside a change, one statement consumes the matched
/// code, so that of concurrent attempts only one succeeds.</summary>
public sealed class AuthenticatorCodes(AppDbContext db, FactorProtector factors, TimeProvider clock) : IUserTwoFactorTokenProvider<AppUser>
{
    // The number of steps. A last step further ahead than this was recorded by a clock that was ahead, and must not
    // block current codes.
    private const int FarAhead = 20;

    // The purpose that Identity passes to verify a second factor.
    private const string Purpose = "TwoFactor";

    private Fitting? fitting;

    public Task<string> GenerateAsync(string purpose, UserManager<AppUser> manager, AppUser user) =>
        throw new NotSupportedException("Only the user's authenticator app generates codes.");

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<AppUser> manager, AppUser user)
    {
        if (purpose != Purpose)
        {
            return false;
        }

        if (db.Current is not null)
        {
            return fitting is { } seen && seen.IsOf(user, token) && await UseUpAsync(seen);
        }

        fitting =
            await db.Authenticators.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == user.Id) is { } authenticator
            && Totp.StepOf(factors.Unprotect(authenticator.Protected), token, clock.Now()) is { } step
                ? new Fitting(user.Id, token, authenticator.Protected, step)
                : null;
        return fitting is not null;
    }

    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<AppUser> manager, AppUser user) => Task.FromResult(user.TwoFactorEnabled);

    private async Task<bool> UseUpAsync(Fitting seen) =>
        await db
            .Authenticators.Where(row => row.UserId == seen.UserId && row.Protected == seen.Protected)
            .Where(row => row.LastStep < seen.Step || row.LastStep > seen.Step + FarAhead)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastStep, seen.Step), db.CurrentToken) == 1;

    private sealed record Fitting(Guid UserId, string Code, string Protected, long Step)
    {
        public bool IsOf(AppUser user, string code) => UserId == user.Id && Code == code;
    }
}
