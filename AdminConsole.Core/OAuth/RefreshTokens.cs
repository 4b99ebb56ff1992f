using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>A device as it is after a grant, its current refresh token, its user, and the access of the next access
/// token.</summary>
internal sealed record IssuedTokens(ConnectedDevice Device, string RefreshToken, TokenOwnerSnapshot Owner, DateTimeOffset At)
{
    /// <summary>The scopes that a refresh asked for; null where it asked for none, so that the access token has the
    /// device's access.</summary>
    public DeviceAccess? Narrowed { get; init; }
}

/// <summary>How a person got as far as connecting a device.</summary>
internal sealed record AuthenticationProof(Guid UserId, DateTimeOffset AuthenticatedAt, string Method);

/// <summary>Refresh tokens that rotate at each use (RFC 9700, 4.14). A family is a connected device, and one
/// row.</summary>
public sealed class RefreshTokens(AppDbContext db, ServerKeys keys)
{
    private static readonly Refusal Unknown = OAuthRefusals.InvalidGrant(
        "This refresh token is not valid, or its device was signed out. Sign in again."
    );
    private static readonly Refusal Expired = OAuthRefusals.InvalidGrant("This device was not used for too long. Sign in again.");
    private static readonly Refusal Reused = OAuthRefusals.InvalidGrant(
        "This refresh token was used before, so its device is signed out. Sign in again."
    );
    private static readonly Refusal OtherClient = OAuthRefusals.InvalidGrant("This refresh token was given to another client.");

    /// <summary>Connects a device, inside a change: a family with its first token.</summary>
    internal async Task<Result<IssuedTokens>> StartAsync(
        ChangeContext change,
        AuthenticationProof proof,
        DeviceRequest request,
        string grant,
        CancellationToken ct
    )
    {
        // The user's row first. A change that ends all devices of a user locks it too, so it either committed before or
        // finds this device.
        if (
            await db.Users.Where(user => user.Id == proof.UserId && user.Active).LockAsync(ct) == 0
            || await TokenOwnerSnapshot.ReadAsync(db, proof.UserId, ct) is not { } owner
        )
        {
            return OAuthRefusals.AccessDenied;
        }

        var (settings, id) = (await db.SettingsAsync(ct), Guid.CreateVersion7(change.At));
        var token = RefreshToken.First(id);
        var device = new ConnectedDevice
        {
            Id = id,
            UserId = proof.UserId,
            Name = request.Name,
            ClientId = request.ClientId ?? Clients.Cli,
            Scopes = request.Scopes,
            FullAccess = request.FullAccess,
            Method = proof.Method,
            CreatedAt = change.At,
            AuthenticatedAt = proof.AuthenticatedAt,
            LastUsedAt = change.At,
            Ip = change.Actor.Ip,
            ExpiresAt = change.At.AddDays(Math.Min(settings.DeviceSlidingDays, settings.DeviceMaximumDays)),
            EndsAt = change.At.AddDays(settings.DeviceMaximumDays),
            Generation = token.Generation,
            TokenHash = token.Hash(),
        };
        db.Add(device);
        var by = change.Actor.As(owner.User.Id, owner.User.SignInName) with
        {
            Via = AuthenticationMethod.Jwt,
            SessionId = null,
            DeviceId = id,
        };
        change.Record(
            AuditActions.DeviceConnected,
            device.AsTarget(),
            new
            {
                grant,
                client = device.ClientId,
                scopes = device.Scopes,
                fullAccess = device.FullAccess,
            },
            by
        );
        return new IssuedTokens(device, token.ToText(keys.DerivationKey), owner, change.At);
    }

    /// <summary>
    /// Spends a token and gives its successor, in one update. The access token gets the scopes asked for; the refresh
    /// token keeps the device's (RFC 6749, 6). An honest retry within the leeway gets the same successor again; any
    /// other use of a spent one signs the device out.
    /// Refused as <c>invalid_grant</c>, <c>invalid_scope</c>.
    /// </summary>
    internal async Task<Result<IssuedTokens>> SpendAsync(
        Actor caller,
        string presented,
        string? clientId,
        string? scope,
        CancellationToken ct
    )
    {
        if (RefreshToken.Read(presented, keys.DerivationKey) is not { } token)
        {
            return Unknown;
        }

        var next = token.Next(keys.DerivationKey);
        var (hash, nextHash) = (token.Hash(), next.Hash());
        var settings = await db.SettingsAsync(ct);
        return await db.ChangeAsync<IssuedTokens>(
            caller,
            null,
            async change =>
            {
                var slidTo = change.At.AddDays(settings.DeviceSlidingDays);
                var family = db.ConnectedDevices.Where(device => device.Id == token.DeviceId);
                var won =
                    await family
                        .Where(device =>
                            device.Generation == token.Generation
                            && device.TokenHash == hash
                            && device.ExpiresAt > change.At
                            && (clientId == null || device.ClientId == clientId)
                        )
                        .ExecuteUpdateAsync(
                            set =>
                                set.SetProperty(device => device.Generation, next.Generation)
                                    .SetProperty(device => device.TokenHash, nextHash)
                                    .SetProperty(device => device.SpentAt, change.At)
                                    .SetProperty(device => device.LastUsedAt, change.At)
                                    .SetProperty(device => device.Ip, caller.Ip)
                                    .SetProperty(device => device.ExpiresAt, device => device.EndsAt < slidTo ? device.EndsAt : slidTo),
                            ct
                        ) == 1;
                if (
                    await family.AsNoTracking().SingleOrDefaultAsync(ct) is not { } device
                    || await TokenOwnerSnapshot.ReadAsync(db, device.UserId, ct) is not { } owner
                )
                {
                    return Unknown;
                }

                if (device.ExpiresAt <= change.At)
                {
                    return Expired;
                }

                if (clientId is not null && device.ClientId != clientId)
                {
                    return OtherClient;
                }

                var isRetry =
                    settings.RefreshLeewaySeconds > 0
                    && device.Holds(next)
                    && change.At - device.SpentAt <= TimeSpan.FromSeconds(settings.RefreshLeewaySeconds);
                if (!won && !isRetry)
                {
                    return token.Generation < device.Generation ? await EndAsync(change, device, owner.User, ct) : Unknown;
                }

                change.AllowedUnauditedWrite = UnauditedWrite.Refreshed;
                var asked = Clients.Access(scope);
                return scope is null || (asked is not null && device.Access.Contains(asked))
                    ? new IssuedTokens(device, next.ToText(keys.DerivationKey), owner, device.SpentAt!.Value)
                    {
                        Narrowed = asked is { IsFull: false } ? asked : null,
                    }
                    : OAuthRefusals.InvalidScope;
            },
            ct
        );
    }

    /// <summary>The device whose token this is, if it is good now; being asked about is no use.</summary>
    internal async Task<ConnectedDevice?> FindAsync(string presented, DateTimeOffset now, CancellationToken ct) =>
        RefreshToken.Read(presented, keys.DerivationKey) is { } token
        && await db
            .ConnectedDevices.AsNoTracking()
            .SingleOrDefaultAsync(device => device.Id == token.DeviceId && device.ExpiresAt > now, ct)
            is { } found
        && found.Holds(token)
            ? found
            : null;

    /// <summary>The device that a token was made for, whatever has become of the token; null where this server did not
    /// make it.</summary>
    internal Guid? DeviceOf(string presented) => RefreshToken.Read(presented, keys.DerivationKey)?.DeviceId;

    private async Task<Refusal> EndAsync(ChangeContext change, ConnectedDevice device, AppUser owner, CancellationToken ct)
    {
        if (await db.ConnectedDevices.Where(row => row.Id == device.Id).EndAsync(change.At, ct) == 1)
        {
            change.Record(
                AuditActions.RefreshReuseDetected,
                device.AsTarget(),
                new
                {
                    owner = device.UserId,
                    user = owner.SignInName,
                    client = device.ClientId,
                    lastUsedAt = device.LastUsedAt,
                }
            );
            change.Mail(owner, EmailTemplates.DeviceReused(device, change));
        }

        return Reused.Recorded();
    }
}
