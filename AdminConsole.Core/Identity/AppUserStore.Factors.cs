using AdminConsole.Core.Account;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

// Second factors. Keys are stored encrypted and recovery codes as hashes; Identity's base class stores both in plain
// text.
public sealed partial class AppUserStore
{
    /// <summary>Not supported: a key cannot be read back.</summary>
    public override Task<string?> GetAuthenticatorKeyAsync(AppUser user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("An authenticator key cannot be read back.");

    /// <summary>Not supported: <see cref="OwnFactors"/> encrypts a key before the change that stores it.</summary>
    public override Task SetAuthenticatorKeyAsync(AppUser user, string key, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Use OwnFactors to set up an authenticator with its first code.");

    public override Task<int> CountCodesAsync(AppUser user, CancellationToken cancellationToken) =>
        Context.RecoveryCodes.CountAsync(row => row.UserId == user.Id, cancellationToken);

    public override async Task ReplaceCodesAsync(AppUser user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        Context.RequireChange();
        await Context.RecoveryCodes.Where(row => row.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        Context.AddRange(recoveryCodes.Select(code => RecoveryCode.Of(user.Id, code)));
    }

    /// <summary>Deletes a matching code, inside a change. Returns false if there is none. Of concurrent attempts, only
    /// one succeeds.</summary>
    public override async Task<bool> RedeemCodeAsync(AppUser user, string code, CancellationToken cancellationToken)
    {
        Context.RequireChange();
        return RecoveryCode.HashOf(user.Id, code) is { } hash
            && await Context.RecoveryCodes.Where(row => row.UserId == user.Id && row.Hash == hash).ExecuteDeleteAsync(cancellationToken)
                == 1;
    }
}
