using AdminConsole.Core.Account;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

// Second factors: keys are kept encrypted and recovery codes as hashes, where Identity's own store keeps both as they
// are.
public sealed partial class AppUserStore
{
    /// <summary>Not supported: a key is never shown again.</summary>
    public override Task<string?> GetAuthenticatorKeyAsync(AppUser user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The key of an authenticator is never shown again.");

    /// <summary>Not supported: a key is encrypted before the change that keeps it, by <see cref="OwnFactors"/>.
    /// </summary>
    public override Task SetAuthenticatorKeyAsync(AppUser user, string key, CancellationToken cancellationToken) =>
        throw new NotSupportedException("An authenticator is set up by OwnFactors, with its first code.");

    public override Task<int> CountCodesAsync(AppUser user, CancellationToken cancellationToken) =>
        Context.RecoveryCodes.CountAsync(row => row.UserId == user.Id, cancellationToken);

    public override async Task ReplaceCodesAsync(AppUser user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        Context.RequireChange();
        await Context.RecoveryCodes.Where(row => row.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        Context.AddRange(recoveryCodes.Select(code => RecoveryCode.Of(user.Id, code)));
    }

    /// <summary>Of many at once one is accepted.</summary>
    public override async Task<bool> RedeemCodeAsync(AppUser user, string code, CancellationToken cancellationToken)
    {
        Context.RequireChange();
        return RecoveryCode.HashOf(user.Id, code) is { } hash
            && await Context.RecoveryCodes.Where(row => row.UserId == user.Id && row.Hash == hash).ExecuteDeleteAsync(cancellationToken)
                == 1;
    }
}
