using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>A request to connect a device: what it polls with, and what its person types.</summary>
public sealed record RequestedDevice(string DeviceCode, string UserCode, TimeSpan Lifetime, TimeSpan Interval);

/// <summary>The device's side of the device flow (RFC 8628): asks for codes, polls, and redeems once.</summary>
public sealed class DeviceFlow(AppDbContext db, ServerKeys keys, RefreshTokens refresh, TimeProvider clock)
{
    /// <summary>For how long codes work.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>How long to wait between two polls.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>For how long a device that comes late is told that it is late.</summary>
    internal static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    internal const int UserCodeLength = 8;
    internal const string UserCodePurpose = "user-code";

    // Clocks and networks are not exact.
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(500);

    private static readonly Refusal Unknown = OAuthRefusals.InvalidGrant("There is no such device code.");
    private static readonly Refusal Used = OAuthRefusals.InvalidGrant("This device code was used already.");

    /// <summary>Makes the codes. Refused as <c>invalid_request </c>, <c>invalid_client </c>, <c>invalid_scope </c>.
    /// </summary>
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

        // A code that another device has at the moment is a duplicate: the change runs again, with another one.
        return await db.ChangeAsync<RequestedDevice>(
            caller,
            null,
            change =>
            {
                var (deviceCode, userCode) = (Secret.Create(), HumanReadableCode.Create(UserCodeLength));
                var made = new DeviceRequest
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
                db.Add(made);
                change.Record(
                    AuditActions.DeviceCodeRequested,
                    made.AsTarget(),
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

    /// <summary>What has become of it; once approved, of however many polls at once one gets the device. Refused as RFC
    /// 8628, 3.5 says.</summary>
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

    /// <summary>Trades an approved request for a device, once; null where another request did a moment ago.</summary>
    /// <param name="db">The database.</param>
    /// <param name="refresh">Makes the family.</param>
    /// <param name="caller">Who redeems it.</param>
    /// <param name="request">As it is kept.</param>
    /// <param name="device">The same as the device describes itself.</param>
    /// <param name="grant">For the audit log.</param>
    /// <param name="ct">Stops it.</param>
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
        var latest = now - Interval + Early;
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
