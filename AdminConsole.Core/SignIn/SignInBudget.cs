namespace AdminConsole.Core.SignIn;

/// <summary>How many sign-ins failed on one account (or on one of the decoys that unknown names share) since when.</summary>
public sealed class SignInBudget
{
    /// <summary>The user's id, or a decoy's.</summary>
    public required Guid Id { get; init; }

    public required int Failures { get; init; }

    public required DateTimeOffset Since { get; init; }
}
