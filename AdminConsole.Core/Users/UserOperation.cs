using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;

namespace AdminConsole.Core.Users;

/// <summary>An operation on a user, for single and bulk use: its permission and its effect inside a change.</summary>
/// <param name="Permission">The permission that the actor needs.</param>
/// <param name="RunAsync">Writes and records the change, or returns a refusal. <see cref="UserOperationRunner"/> enforces the
/// rules common to all operations.</param>
internal sealed record UserOperation(string Permission, Func<ChangeContext, AppUser, CancellationToken, Task<Refusal?>> RunAsync)
{
    /// <summary>True when a recent sign-in is required: within 15 minutes, unless configured otherwise.</summary>
    public bool IsSensitive { get; init; }
}
