using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Authentication;

/// <summary>A passkey with a valid signature, and the user it belongs to.</summary>
public sealed record ProvenPasskey(Guid UserId, UserPasskeyInfo Passkey);

/// <summary>The two WebAuthn ceremonies, performed by ASP.NET Core Identity's handler. The handler takes the origin of
/// the console from the request. A page on a circuit has no request, and behind a proxy the origin would differ, so it
/// is passed explicitly. This class only reads; Core stores the results.</summary>
public sealed class PasskeyCeremony(IPasskeyHandler<AppUser> handler, ConsoleSettings settings)
{
    /// <summary>The time limit for the user's response.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    internal static readonly object OriginItem = new();

    /// <summary>Creates the options for a sign-in, and the state to keep until the browser responds.</summary>
    /// <param name="root">The URL of the page; used only when no public URL is configured.</param>
    public Task<PasskeyRequestOptionsResult> CreateRequestOptionsAsync(Uri root) => handler.MakeRequestOptionsAsync(null, At(root));

    /// <summary>Creates the options for a new passkey, and the state to keep until the browser responds.</summary>
    public Task<PasskeyCreationOptionsResult> CreateCreationOptionsAsync(Uri root, Actor actor) =>
        handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity
            {
                Id = actor.UserId.ToString()!,
                Name = actor.Name,
                DisplayName = actor.Name,
            },
            At(root)
        );

    /// <summary>Verifies a new passkey. Null when the response does not match the state, the origin and the
    /// actor.</summary>
    public async Task<UserPasskeyInfo?> VerifyNewAsync(Uri root, Actor actor, string state, string credential)
    {
        var attestation = await handler.PerformAttestationAsync(
            new PasskeyAttestationContext
            {
                HttpContext = At(root),
                AttestationState = state,
                CredentialJson = credential,
            }
        );
        return attestation.Succeeded && attestation.UserEntity.Id == actor.UserId.ToString() ? attestation.Passkey : null;
    }

    /// <summary>Verifies a sign-in. Null when the response proves nothing.</summary>
    public async Task<ProvenPasskey?> VerifyAsync(Uri root, string state, string credential)
    {
        var assertion = await handler.PerformAssertionAsync(
            new PasskeyAssertionContext
            {
                HttpContext = At(root),
                AssertionState = state,
                CredentialJson = credential,
            }
        );
        return assertion.Succeeded ? new ProvenPasskey(assertion.User.Id, assertion.Passkey) : null;
    }

    private DefaultHttpContext At(Uri root)
    {
        var address = settings.PublicUrl ?? root;
        var context = new DefaultHttpContext();
        context.Request.Scheme = address.Scheme;
        context.Request.Host = new HostString(address.Authority);
        context.Items[OriginItem] = address.GetLeftPart(UriPartial.Authority);
        return context;
    }
}

/// <summary>Registers the passkey services and sets their options.</summary>
public static class PasskeyServices
{
    public static void AddPasskeys(this IServiceCollection services)
    {
        services.AddScoped<IPasskeyHandler<AppUser>, PasskeyHandler<AppUser>>();
        services.AddScoped<PasskeyCeremony>();
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            // Unlocking the passkey is the second factor. A discoverable passkey makes the username unnecessary.
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
            options.AttestationConveyancePreference = "none";
            options.AuthenticatorTimeout = PasskeyCeremony.Lifetime;
            options.ValidateOrigin = context =>
                ValueTask.FromResult(
                    !context.CrossOrigin
                        && context.HttpContext.Items[PasskeyCeremony.OriginItem] is string origin
                        && context.Origin == origin
                );
        });
    }
}
