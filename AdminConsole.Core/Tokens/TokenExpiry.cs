using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Tokens;

/// <summary>Computes when tokens expire, within the limits of the settings.</summary>
internal static class TokenExpiry
{
    /// <summary>Returns when a new token expires; null for never. Refused as <c>validation_failed</c> if the settings
    /// do not allow it.</summary>
    public static Result<DateTimeOffset?> Of(CreateTokenRequest request, SystemSettings settings, DateTimeOffset now)
    {
        // The default lifetime is reduced to the maximum. A requested lifetime beyond the maximum is refused.
        var days = request.IsExpiryGiven ? request.ExpiresInDays : Math.Min(settings.TokenDefaultDays, settings.TokenMaximumDays);
        return days switch
        {
            null when !settings.TokensMayLiveForEver => Refusal.InvalidField(
                "expiresInDays",
                $"Choose an expiry within {settings.TokenMaximumDays} days."
            ),
            { } requested when requested > settings.TokenMaximumDays => Refusal.InvalidField(
                "expiresInDays",
                $"Choose an expiry within {settings.TokenMaximumDays} days."
            ),
            null => (DateTimeOffset?)null,
            { } count => now.AddDays(count),
        };
    }

    /// <summary>Returns when a successor expires: after the same lifetime as the old token, reduced to the current
    /// maximum.</summary>
    public static DateTimeOffset? OfSuccessor(PersonalAccessToken old, SystemSettings settings, DateTimeOffset now)
    {
        var maximum = TimeSpan.FromDays(settings.TokenMaximumDays);
        return old.ExpiresAt - old.CreatedAt is { } lifetime ? now + (lifetime < maximum ? lifetime : maximum)
            : settings.TokensMayLiveForEver ? null
            : now + maximum;
    }
}
