namespace AdminConsole.Core.Mfa;

/// <summary>The app on somebody's phone that makes codes with the same secret as we do.</summary>
public sealed class Authenticator
{
    public required Guid UserId { get; init; }

    /// <summary>The secret, encrypted with the data protection key ring.</summary>
    public required string Protected { get; init; }

    /// <summary>The step of the last code that was accepted; that one and those before are never accepted again.</summary>
    public required long LastStep { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A code for the day the phone is lost. Using it deletes the row.</summary>
public sealed class RecoveryCode
{
    /// <summary>How many a user gets at a time.</summary>
    public const int Count = 10;

    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of user and code: 16 letters of an alphabet of 20, 69 bits.</summary>
    public required byte[] Hash { get; init; }
}
