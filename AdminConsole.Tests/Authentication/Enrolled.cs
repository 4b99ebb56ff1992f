using AdminConsole.Core.Account;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;

namespace AdminConsole.Tests.Authentication;

/// <summary>A user with an authenticator app, with the app's secret and the recovery codes.</summary>
internal sealed class Enrolled(AdminApp app, UserDetails user, byte[] secret, IReadOnlyList<string> recoveryCodes)
{
    public UserDetails User => user;

    public byte[] Secret => secret;

    public IReadOnlyList<string> RecoveryCodes => recoveryCodes;

    /// <summary>What the app shows now, or so many steps from now.</summary>
    public string Code(int steps = 0) => Totp.CodeOf(secret, Totp.StepAt(app.Clock.GetUtcNow()) + steps);

    /// <summary>A code that the app does not show.</summary>
    public string WrongCode() =>
        Enumerable
            .Range(0, 9)
            .Select(digit => new string((char)('0' + digit), 6))
            .First(code => Totp.StepOf(secret, code, app.Clock.GetUtcNow()) is null);

    /// <summary>Waits until the app shows codes that were never used.</summary>
    public void NextCode() => app.Clock.Advance(TimeSpan.FromSeconds(60));

    public Task<ApiResponse> SignInAsync(ApiClient caller, string? code = null, string? recoveryCode = null) =>
        caller.PostAsync(
            "/api/auth/login",
            new
            {
                login = user.Email,
                password = TestData.Password,
                code,
                recoveryCode,
            }
        );

    public Actor Actor =>
        TestData.System with
        {
            UserId = user.Id,
            Name = user.Email!,
            Via = AuthenticationMethod.Session,
            AuthenticatedAt = app.Clock.GetUtcNow(),
        };

    /// <summary>The code that an app shows now which was given this offer by the API.</summary>
    public static string CodeOf(AdminApp app, TotpOffer offer)
    {
        var bits = string.Concat(
            offer.Secret.Select(letter =>
                Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')
            )
        );
        var secret = Enumerable.Range(0, bits.Length / 8).Select(index => Convert.ToByte(bits.Substring(index * 8, 8), 2)).ToArray();
        return Totp.CodeOf(secret, Totp.StepAt(app.Clock.GetUtcNow()));
    }

    /// <summary>A new user who has just set up an authenticator; its first code is used by that.</summary>
    public static async Task<Enrolled> CreateAsync(AdminApp app, params string[] roles)
    {
        var user = await app.CreateUserAsync(password: TestData.Password, roles: roles);
        var actor = new Enrolled(app, user, [], []).Actor;
        var offer = (await app.RunAsync<OwnFactors, Result<AuthenticatorOffer>>(own => own.OfferAsync(actor, default))).Value;
        var code = Totp.CodeOf(offer.Secret, Totp.StepAt(app.Clock.GetUtcNow()));
        var codes = await app.RunAsync<OwnFactors, Result<IReadOnlyList<string>>>(own => own.ConfirmAsync(actor, offer, code, default));
        var enrolled = new Enrolled(app, user, offer.Secret, codes.Value);
        enrolled.NextCode();
        return enrolled;
    }
}
