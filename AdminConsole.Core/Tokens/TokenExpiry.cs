using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Tokens;

/// <summary>How long tokens may live, by the settings.</summary>
internal static class TokenExpiry
{
    /// <summary>When a new token expires; null for never. Refused as <c>validation_failed </c> where that is longer
    /// than allowed.</summary>
    public static Result<DateTimeOffset?> Of(CreateTokenRequest request, SystemSettings settings, DateTimeOffset now)
    {
        // The default gives way to the maximum; an explicit wish beyond it is refused.
        var days = request.IsExpiryGiven ? request.ExpiresInDays : Math.Min(settings.TokenDefaultDays, settings.TokenMaximumDays);
        return days switch
        {
            null when !settings.TokensMayLiveForEver => Refusal.InvalidField(
                "expiresInDays",
                $"Choose an expiry within {settings.TokenMaximumDays} days."
            ),
            { } long_ when long_ > settings.TokenMaximumDays => Refusal.InvalidField(
                "expiresInDays",
                $"Choose an expiry within {settings.TokenMaximumDays} days."
            ),
            null => (DateTimeOffset?)null,
            { } count => now.AddDays(count),
        };
    }

    /// <summary>When a successor expires: after as long as the old one was given, or as the settings allow by
    /// now.</summary>
    public static DateTimeOffset? OfSuccessor(PersonalAccessToken old, SystemSettings settings, DateTimeOffset now)
    {
        var most = TimeSpan.FromDays(settings.TokenMaximumDays);
        return old.ExpiresAt - old.CreatedAt is { } lifetime ? now + (lifetime < most ? lifetime : most)
            : settings.TokensMayLiveForEver ? null
            : now + most;
    }
}
