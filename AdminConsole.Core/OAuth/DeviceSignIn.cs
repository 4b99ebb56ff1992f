using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>Connects a device with its user's password. Signs in as in a browser, and exchanges the new session for a
/// device.</summary>
public sealed class DeviceSignIn(AppDbContext db, PasswordSignIn signIn, RefreshTokens refresh)
{
    private static readonly Refusal Ended = Refusal.Unauthenticated(
        "invalid_credentials",
        "The sign-in ended before the device was connected. Try again."
    );

    internal async Task<Result<IssuedTokens>> SignInAsync(Actor caller, PasswordTokenRequest request, CancellationToken ct)
    {
        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var login = new LoginRequest
        {
            Login = request.Login,
            Password = request.Password,
            Code = request.Code,
            RecoveryCode = request.RecoveryCode,
        };
        var signedIn = await signIn.SignInAsync(caller, login, ct);
        return signedIn.Refusal is { } refused
            ? refused
            : await db.ChangeAsync<IssuedTokens>(
                caller,
                null,
                async change =>
                {
                    var session = db.Sessions.Where(row => row.Id == signedIn.Value.SessionId);
                    if (await session.AsNoTracking().SingleOrDefaultAsync(ct) is not { } begun || await session.ExecuteDeleteAsync(ct) == 0)
                    {
                        return Ended;
                    }

                    var device = new DeviceRequest
                    {
                        Id = Guid.Empty,
                        CodeHash = [],
                        Name = Clients.DeviceName(request.DeviceName, Clients.Cli),
                        Scopes = [.. Permissions.All],
                        FullAccess = true,
                        RequestedAt = change.At,
                        ExpiresAt = change.At,
                        State = DeviceRequestState.Redeemed,
                    };
                    return await refresh.StartAsync(
                        change,
                        new AuthenticationProof(begun.UserId, begun.AuthenticatedAt, begun.Method),
                        device,
                        "password",
                        ct
                    );
                },
                ct
            );
    }
}
