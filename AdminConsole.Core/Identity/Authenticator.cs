namespace AdminConsole.Core.Identity;

/// <summary>A user's authenticator app, which computes codes from a shared secret.</summary>
public sealed class Authenticator
{
    public required Guid UserId { get; init; }

    /// <summary>The secret, encrypted with the data protection key ring.</summary>
    public required string Protected { get; init; }

    /// <summary>The time step of the last accepted code. Codes of this and earlier steps are rejected.</summary>
    public required long LastStep { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
