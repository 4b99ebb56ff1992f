using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>The result of a grant: the device, its valid refresh token, its user, and the time of the grant.</summary>
internal sealed record IssuedTokens(ConnectedDevice Device, string RefreshToken, TokenOwnerSnapshot Owner, DateTimeOffset At)
{
    /// <summary>The access that a refresh requested; null if it requested none. The access token then has the access of
    /// the device.</summary>
    public DeviceAccess? Narrowed { get; init; }
}

/// <summary>When and how the user who connects a device authenticated.</summary>
internal sealed record AuthenticationProof(Guid UserId, DateTimeOffset AuthenticatedAt, string Method);

/// <summary>Refresh tokens that rotate with each use (RFC 9700, section 4.14). Each family is a connected device,
/// stored as one row.</summary>
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

    /// <summary>Connects a device inside a change, with the first token of a new family.</summary>
    internal async Task<Result<IssuedTokens>> StartAsync(
        ChangeContext change,
        AuthenticationProof proof,
        DeviceRequest request,
        string grant,
        CancellationToken ct
    )
    {
        // Lock the user's row first. A change that ends all devices of a user locks it too, so it has either committed
        // or will find this device.
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
        var by = change.Actor.WithUser(owner.User.Id, owner.User.SignInName) with
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

    /// <summary>Exchanges a token for its successor, in one update. Requested scopes apply to the access token only;
    /// the refresh token keeps those of the device (RFC 6749, section 6). A retry within the grace period gets the same
    /// successor; any other reuse signs the device out. Refused as <c>invalid_grant</c> or
    /// <c>invalid_scope</c>.</summary>
    internal async Task<Result<IssuedTokens>> ExchangeAsync(
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
                    && device.Matches(next)
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

    /// <summary>Returns the device of a valid refresh token; null otherwise. Does not use up the token.</summary>
    internal async Task<ConnectedDevice?> FindAsync(string presented, DateTimeOffset now, CancellationToken ct) =>
        RefreshToken.Read(presented, keys.DerivationKey) is { } token
        && await db
            .ConnectedDevices.AsNoTracking()
            .SingleOrDefaultAsync(device => device.Id == token.DeviceId && device.ExpiresAt > now, ct)
            is { } found
        && found.Matches(token)
            ? found
            : null;

    /// <summary>Returns the id of the device that a refresh token was issued to; null if this server did not issue it.
    /// The token need not be valid.</summary>
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
