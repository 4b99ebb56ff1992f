using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>The codes of a new device request: one for the device to poll with, one for the user to enter.</summary>
public sealed record RequestedDevice(string DeviceCode, string UserCode, TimeSpan Lifetime, TimeSpan Interval);

/// <summary>The device's side of the device flow (RFC 8628): requests codes, polls, and redeems an approved request
/// once.</summary>
public sealed class DeviceFlow(AppDbContext db, ServerKeys keys, RefreshTokens refresh, TimeProvider clock)
{
    /// <summary>The lifetime of both codes.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>The minimum time between two polls.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How long after its expiry a device request is kept, so that late polls are answered with
    /// <c>expired_token</c>.</summary>
    internal static readonly TimeSpan RequestRetention = TimeSpan.FromHours(1);

    internal const int UserCodeLength = 8;
    internal const string UserCodePurpose = "user-code";

    // Allows for inexact clocks and network delays.
    private static readonly TimeSpan PollTolerance = TimeSpan.FromMilliseconds(500);

    private static readonly Refusal Unknown = OAuthRefusals.InvalidGrant("There is no such device code.");
    private static readonly Refusal Used = OAuthRefusals.InvalidGrant("This device code was used already.");

    /// <summary>Creates a device request with its codes. Refused as <c>invalid_request</c>, <c>invalid_client</c> or
    /// <c>invalid_scope</c>.</summary>
    public async Task<Result<RequestedDevice>> RequestAsync(Actor caller, DeviceAuthorizationRequest request, CancellationToken ct)
    {
        if (request.ClientId is not { } client)
        {
            return OAuthRefusals.Missing("client_id");
        }

        if (!Clients.IsName(client))
        {
            return OAuthRefusals.InvalidClient;
        }

        if (Clients.Access(request.Scope) is not { } access)
        {
            return OAuthRefusals.InvalidScope;
        }

        // If another pending device has the same user code, the insert fails as a duplicate and the change runs again
        // with a new code.
        return await db.ChangeAsync<RequestedDevice>(
            caller,
            null,
            change =>
            {
                var (deviceCode, userCode) = (Secret.Create(), HumanReadableCode.Create(UserCodeLength));
                var created = new DeviceRequest
                {
                    Id = Guid.CreateVersion7(change.At),
                    CodeHash = Secret.Hash(deviceCode),
                    UserCodeHash = HumanReadableCode.Hash(keys.DerivationKey, UserCodePurpose, userCode),
                    ClientId = client,
                    Name = Clients.DeviceName(request.DeviceName, client),
                    Scopes = access.Scopes,
                    FullAccess = access.IsFull,
                    RequestedAt = change.At,
                    ExpiresAt = change.At + Lifetime,
                    Ip = caller.Ip,
                    State = DeviceRequestState.Pending,
                };
                db.Add(created);
                change.Record(
                    AuditActions.DeviceCodeRequested,
                    created.AsTarget(),
                    new
                    {
                        grant = "device_code",
                        client,
                        scopes = access.Scopes,
                        fullAccess = access.IsFull,
                    }
                );
                return Task.FromResult<Result<RequestedDevice>>(
                    new RequestedDevice(deviceCode, HumanReadableCode.Show(userCode), Lifetime, Interval)
                );
            },
            ct
        );
    }

    /// <summary>Answers a poll. Once the request is approved, only one of several concurrent polls gets the device.
    /// Refused as specified in RFC 8628, section 3.5.</summary>
    internal async Task<Result<IssuedTokens>> RedeemAsync(Actor caller, string deviceCode, string clientId, CancellationToken ct)
    {
        var hash = Secret.Hash(deviceCode);
        var found = await db
            .DeviceRequests.AsNoTracking()
            .SingleOrDefaultAsync(row => row.CodeHash == hash && row.UserCodeHash != null && row.ClientId == clientId, ct);
        var now = clock.Now();
        return found is null ? Unknown
            : found.State == DeviceRequestState.Redeemed ? Used
            : found.State == DeviceRequestState.Denied ? OAuthRefusals.AccessDenied
            : found.ExpiresAt <= now ? OAuthRefusals.ExpiredToken
            : !await IsInTimeAsync(found, now, ct) ? OAuthRefusals.SlowDown
            : found.State == DeviceRequestState.Pending ? OAuthRefusals.AuthorizationPending
            : await RedeemAsync(db, refresh, caller, found, found, "device_code", ct) ?? Used;
    }

    /// <summary>Redeems an approved request for a device, once; null if a concurrent request redeemed it.</summary>
    /// <param name="db">The database.</param>
    /// <param name="refresh">Creates the refresh token family.</param>
    /// <param name="caller">The caller that redeems the request.</param>
    /// <param name="request">The stored request.</param>
    /// <param name="device">The device to connect, with the name, client id and scopes of its own request.</param>
    /// <param name="grant">The grant type for the audit log.</param>
    /// <param name="ct">Cancels the operation.</param>
    internal static async Task<Result<IssuedTokens>?> RedeemAsync(
        AppDbContext db,
        RefreshTokens refresh,
        Actor caller,
        DeviceRequest request,
        DeviceRequest device,
        string grant,
        CancellationToken ct
    )
    {
        var lost = false;
        var result = await db.ChangeAsync<IssuedTokens>(
            caller,
            null,
            async change =>
            {
                var proof = new AuthenticationProof(request.DecidedById!.Value, request.AuthenticatedAt!.Value, request.Method!);
                var started = await refresh.StartAsync(change, proof, device, grant, ct);
                lost =
                    await db
                        .DeviceRequests.Where(row =>
                            row.Id == request.Id && row.State == DeviceRequestState.Approved && row.ExpiresAt > change.At
                        )
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, DeviceRequestState.Redeemed), ct) == 0;
                return lost ? Unknown : started;
            },
            ct
        );
        return lost ? null : result;
    }

    private async Task<bool> IsInTimeAsync(DeviceRequest request, DateTimeOffset now, CancellationToken ct)
    {
        var latest = now - Interval + PollTolerance;
        return !(request.LastPolledAt > latest)
            && await db.WriteUnauditedAsync(
                UnauditedWrite.Polled,
                () =>
                    db
                        .DeviceRequests.Where(row => row.Id == request.Id && (row.LastPolledAt == null || row.LastPolledAt <= latest))
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastPolledAt, now), ct),
                ct
            ) == 1;
    }
}
