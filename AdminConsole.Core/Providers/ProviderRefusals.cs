using AdminConsole.Core.Common;

namespace AdminConsole.Core.Providers;

/// <summary>The refusals of a sign-in with an identity provider. The code is also the reason in the audit
/// log.</summary>
public static class ProviderRefusals
{
    public static readonly Refusal WrongIssuer = Of(
        "wrong_issuer",
        "The identity provider sent an unexpected issuer. Contact your administrator."
    );

    public static readonly Refusal WrongAudience = Of("wrong_audience", "The identity provider's response is for another application.");

    public static readonly Refusal WrongNonce = Of("wrong_nonce", "The identity provider's response doesn't belong to this sign-in.");

    public static readonly Refusal WrongSignature = Of("wrong_signature", "The signature of the identity provider's response is wrong.");

    public static readonly Refusal WrongAlgorithm = Of(
        "wrong_algorithm",
        "The identity provider signs with an algorithm that isn't accepted."
    );

    public static readonly Refusal UnknownKey = Of("unknown_key", "The identity provider signed with a key that it doesn't publish.");

    public static readonly Refusal TokenExpired = Of("token_expired", "The identity provider's response has expired. Try again.");

    public static readonly Refusal WrongState = Of(
        "wrong_state",
        "This sign-in was already used or started in another browser. Sign in again."
    );

    public static readonly Refusal CodeRejected = Of("code_rejected", "The identity provider rejected the sign-in. Try again.");

    public static readonly Refusal Declined = Of("declined", "The identity provider didn't complete the sign-in.");

    public static readonly Refusal ProviderError = Of("provider_error", "The identity provider reported an error. Try again.");

    public static readonly Refusal Unreachable = Of(
        "provider_unreachable",
        "The identity provider isn't responding. Sign in another way, or try again later."
    );

    public static readonly Refusal Removed = Of("provider_removed", "This identity provider was removed.");

    public static readonly Refusal EmailMissing = Of("email_missing", "The identity provider didn't send your email.");

    public static readonly Refusal EmailInvalid = Of("email_invalid", "The identity provider sent an email that can't be used here.");

    public static readonly Refusal EmailNotVerified = Of("email_not_verified", "The identity provider hasn't verified your email.");

    public static readonly Refusal DomainNotAllowed = Of(
        "domain_not_allowed",
        "Your email domain isn't allowed. Contact your administrator."
    );

    public static readonly Refusal NotAdmitted = Of("not_admitted", "You don't have an account here. Ask your administrator for one.");

    public static readonly Refusal InvitationOpen = Of("invitation_open", "Accept your invitation first, then sign in.");

    public static readonly Refusal LinkRequired = Of(
        "link_required",
        "Your account must be linked first. Sign in another way, then link it under Security."
    );

    public static readonly Refusal TooManyGroups = Of(
        "too_many_groups",
        "You are in more groups than the console accepts. Ask your administrator to send fewer."
    );

    public static readonly Refusal Inactive = Of("inactive", "Your account was deactivated. Contact your administrator.");

    public static readonly Refusal LockedDown = Of("locked_down", "Your account was locked down. Contact your administrator.");

    public static readonly Refusal Expired = Of("expired", "Your sign-in timed out. Try again.");

    /// <summary>All refusals by their codes.</summary>
    public static readonly IReadOnlyDictionary<string, Refusal> All = typeof(ProviderRefusals)
        .GetFields()
        .Where(field => field.FieldType == typeof(Refusal))
        .Select(field => (Refusal)field.GetValue(null)!)
        .ToDictionary(refusal => refusal.Code);

    private static Refusal Of(string code, string message) => Refusal.Unauthenticated(code, message);
}
