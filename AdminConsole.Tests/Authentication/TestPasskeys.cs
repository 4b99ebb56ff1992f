using AdminConsole.Core.Account;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Tests.Authentication;

/// <summary>Passkeys after a successful ceremony.</summary>
internal static class TestPasskeys
{
    public static SingleUseToken Challenge(AdminApp app) => new(Guid.CreateVersion7(), app.Clock.GetUtcNow().AddMinutes(5));

    public static UserPasskeyInfo Info(byte[] id, uint count = 0) =>
        new(id, [4, 5, 6], DateTimeOffset.UnixEpoch, count, ["internal"], true, false, false, [], []);

    public static Task<Result<Unit>> AddAsync(
        AdminApp app,
        Actor actor,
        byte[] id,
        string name = "Phone",
        SingleUseToken? challenge = null
    ) => app.RunAsync<OwnPasskeys, Result<Unit>>(own => own.AddAsync(actor, Info(id), name, challenge ?? Challenge(app), default));

    public static Task<Result<Unit>> RemoveAsync(AdminApp app, Actor actor, byte[] id) =>
        app.RunAsync<OwnPasskeys, Result<Unit>>(own => own.RemoveAsync(actor, id, default));
}
