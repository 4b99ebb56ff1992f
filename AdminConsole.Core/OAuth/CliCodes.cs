using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>Issues and redeems CLI codes. A user gets a single-use code in the console and enters it in a client, which
/// redeems it for a sign-in.</summary>
public sealed class CliCodes(AppDbContext db, ServerKeys keys, RefreshTokens refresh, DeviceApproval approval, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int Length = 12;
    private const string Purpose = "cli-code";

    private static readonly Refusal Invalid = OAuthRefusals.InvalidGrant(
        "This code isn't valid. It may be mistyped, used or older than 10 minutes. Create a new one."
    );

    /// <summary>Creates a code for a device with at most the actor's own access. Invalidates the actor's earlier code.
    /// Requires a recent sign-in.</summary>
    public async Task<Result<CliCode>> IssueAsync(Actor actor, CancellationToken ct) =>
        actor.RequireInteractive()
        ?? actor.RequireRecentSignIn(clock.Now())
        ?? await db.ChangeAsync<CliCode>(
            actor,
            null,
            async change =>
            {
                var proof = await approval.LockUserRowAsync(actor, ct);
                if (proof.Refusal is { } refusal)
                {
                    return refusal;
                }

                var (code, access) = (HumanReadableCode.Create(Length), DeviceAccess.Of(actor));
                await db.DeviceRequests.Where(row => row.DecidedById == actor.UserId && row.UserCodeHash == null).ExecuteDeleteAsync(ct);
                var created = new DeviceRequest
                {
                    Id = Guid.CreateVersion7(change.At),
                    CodeHash = HumanReadableCode.Hash(keys.DerivationKey, Purpose, code),
                    Name = "connect with a code",
                    Scopes = access.Scopes,
                    FullAccess = access.IsFull,
                    RequestedAt = change.At,
                    ExpiresAt = change.At + Lifetime,
                    Ip = actor.Ip,
                    State = DeviceRequestState.Approved,
                    DecidedById = actor.UserId,
                    AuthenticatedAt = proof.Value.AuthenticatedAt,
                    Method = proof.Value.Method,
                };
                db.Add(created);
                change.Record(
                    AuditActions.DeviceCodeRequested,
                    created.AsTarget(),
                    new
                    {
                        grant = "cli-code",
                        scopes = access.Scopes,
                        fullAccess = access.IsFull,
                        created.ExpiresAt,
                    }
                );
                return new CliCode(HumanReadableCode.Show(code), (int)Lifetime.TotalSeconds);
            },
            ct
        );

    /// <summary>Connects the client that presents the code, with the access of the code or a requested part of it.
    /// Refused as <c>invalid_grant</c>, <c>invalid_scope</c> or <c>access_denied</c>.</summary>
    internal async Task<Result<IssuedTokens>> RedeemAsync(Actor caller, TokenRequest request, CancellationToken ct)
    {
        if (Clients.Access(request.Scope) is not { } asked)
        {
            return OAuthRefusals.InvalidScope;
        }

        if (HumanReadableCode.Read(request.Code, Length) is not { } code)
        {
            return Invalid;
        }

        var (hash, now, client) = (HumanReadableCode.Hash(keys.DerivationKey, Purpose, code), clock.Now(), request.ClientId ?? Clients.Cli);
        if (
            await db
                .DeviceRequests.AsNoTracking()
                .SingleOrDefaultAsync(row => row.CodeHash == hash && row.UserCodeHash == null && row.ExpiresAt > now, ct)
            is not { } found
        )
        {
            return Invalid;
        }

        var access = request.Scope is null ? found.Access : asked;
        if (!found.Access.Contains(access))
        {
            return OAuthRefusals.InvalidScope;
        }

        var device = new DeviceRequest
        {
            Id = found.Id,
            CodeHash = hash,
            ClientId = client,
            Name = Clients.DeviceName(request.DeviceName, client),
            Scopes = access.Scopes,
            FullAccess = access.IsFull,
            RequestedAt = found.RequestedAt,
            ExpiresAt = found.ExpiresAt,
            State = found.State,
        };
        return await DeviceFlow.RedeemAsync(db, refresh, caller, found, device, "cli-code", ct) ?? Invalid;
    }
}
