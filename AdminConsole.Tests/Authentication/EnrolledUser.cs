using AdminConsole.Core.Account;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;

namespace AdminConsole.Tests.Authentication;

/// <summary>A user with an authenticator app, its secret and the recovery codes.</summary>
internal sealed class EnrolledUser(AdminApp app, UserDetails user, byte[] secret, IReadOnlyList<string> recoveryCodes)
{
    public UserDetails User => user;

    public byte[] Secret => secret;

    public IReadOnlyList<string> RecoveryCodes => recoveryCodes;

    /// <summary>Returns the current code, or the code this number of steps later.</summary>
    public string Code(int steps = 0) => Totp.CodeOf(secret, Totp.StepAt(app.Clock.GetUtcNow()) + steps);

    /// <summary>Returns a code that is not valid.</summary>
    public string WrongCode() =>
        Enumerable
            .Range(0, 9)
            .Select(digit => new string((char)('0' + digit), 6))
            .First(code => Totp.StepOf(secret, code, app.Clock.GetUtcNow()) is null);

    /// <summary>Moves the clock to a step with an unused code.</summary>
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

    /// <summary>Returns the current code for the secret of an offer.</summary>
    public static string CodeOf(AdminApp app, TotpOffer offer)
    {
        var bits = string.Concat(
            offer.Secret.Select(digit =>
                Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(digit, StringComparison.Ordinal), 2).PadLeft(5, '0')
            )
        );
        var secret = Enumerable.Range(0, bits.Length / 8).Select(index => Convert.ToByte(bits.Substring(index * 8, 8), 2)).ToArray();
        return Totp.CodeOf(secret, Totp.StepAt(app.Clock.GetUtcNow()));
    }

    /// <summary>Creates a user and enrols an authenticator, which consumes the first code.</summary>
    public static async Task<EnrolledUser> CreateAsync(AdminApp app, params string[] roles)
    {
        var user = await app.CreateUserAsync(password: TestData.Password, roles: roles);
        var actor = new EnrolledUser(app, user, [], []).Actor;
        var offer = (await app.RunAsync<OwnFactors, Result<AuthenticatorOffer>>(own => own.OfferAsync(actor, default))).Value;
        var code = Totp.CodeOf(offer.Secret, Totp.StepAt(app.Clock.GetUtcNow()));
        var codes = await app.RunAsync<OwnFactors, Result<IReadOnlyList<string>>>(own => own.ConfirmAsync(actor, offer, code, default));
        var enrolled = new EnrolledUser(app, user, offer.Secret, codes.Value);
        enrolled.NextCode();
        return enrolled;
    }
}
