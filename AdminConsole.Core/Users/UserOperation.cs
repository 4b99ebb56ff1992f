using AdminConsole.Core.Common;
using AdminConsole.Core.Data;

namespace AdminConsole.Core.Users;

/// <summary>Something that can be done to a user, to one as to many: the right it takes and what it does inside a
/// change.</summary>
/// <param name="Permission">What the actor needs.</param>
/// <param name="RunAsync">Writes and records, or says why not. The rules that hold for every act are
/// <see cref="UserChanges"/>'s. </param>
internal sealed record UserOperation(string Permission, Func<ChangeContext, AppUser, CancellationToken, Task<Refusal?>> RunAsync)
{
    /// <summary>True where the sign-in must be from the last 15 minutes, or as the settings say.</summary>
    public bool IsSensitive { get; init; }
}
