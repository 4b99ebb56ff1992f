using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Authentication;

/// <summary>A passkey whose signature was right, and whose it is.</summary>
public sealed record ProvenPasskey(Guid UserId, UserPasskeyInfo Passkey);

/// <summary>
/// WebAuthn's two ceremonies, by ASP.NET Core Identity's handler. It looks at the request for the console's address; a
/// page on a circuit has none, and behind a proxy it
/// would be another, so it is given the address itself. Reads only: Core keeps what comes out.
/// </summary>
public sealed class PasskeyCeremony(IPasskeyHandler<AppUser> handler, ConsoleSettings settings)
{
    /// <summary>How long a person may take.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    internal static readonly object OriginItem = new();

    /// <summary>What the browser is asked for, and what has to be kept until it answers.</summary>
    /// <param name="root">The address of the page; counts where no public one is configured.</param>
    public Task<PasskeyRequestOptionsResult> AskAsync(Uri root) => handler.MakeRequestOptionsAsync(null, At(root));

    /// <summary>The same for a new passkey.</summary>
    public Task<PasskeyCreationOptionsResult> AskForNewAsync(Uri root, Actor actor) =>
        handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity
            {
                Id = actor.UserId.ToString()!,
                Name = actor.Name,
                DisplayName = actor.Name,
            },
            At(root)
        );

    /// <summary>Null where what came back was not made for this question, this address and this actor.</summary>
    public async Task<UserPasskeyInfo?> VerifyNewAsync(Uri root, Actor actor, string state, string credential)
    {
        var made = await handler.PerformAttestationAsync(
            new PasskeyAttestationContext
            {
                HttpContext = At(root),
                AttestationState = state,
                CredentialJson = credential,
            }
        );
        return made.Succeeded && made.UserEntity.Id == actor.UserId.ToString() ? made.Passkey : null;
    }

    /// <summary>Null where what came back proves nothing.</summary>
    public async Task<ProvenPasskey?> VerifyAsync(Uri root, string state, string credential)
    {
        var proven = await handler.PerformAssertionAsync(
            new PasskeyAssertionContext
            {
                HttpContext = At(root),
                AssertionState = state,
                CredentialJson = credential,
            }
        );
        return proven.Succeeded ? new ProvenPasskey(proven.User.Id, proven.Passkey) : null;
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

/// <summary>How passkeys are asked for.</summary>
public static class PasskeyServices
{
    public static void AddPasskeys(this IServiceCollection services)
    {
        services.AddScoped<IPasskeyHandler<AppUser>, PasskeyHandler<AppUser>>();
        services.AddScoped<PasskeyCeremony>();
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            // Unlocking it is the second factor, and that it knows its user makes the name unnecessary.
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
