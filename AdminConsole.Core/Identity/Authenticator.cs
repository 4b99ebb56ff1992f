namespace AdminConsole.Core.Identity;

/// <summary>A user's authenticator app, which computes codes from a shared secret.</summary>
public sealed class Authenticator
{
    public required Guid UserId { get; init; }

    /// <summary>The secret, encrypted with the data protection key ring.</summary>
    public required string Protected { get; init; }

    /// <summary>The step of the last code that was accepted; that one and those before are never accepted
    /// again.</summary>
    public required long LastStep { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
