using AdminConsole.Core.Security;

namespace AdminConsole.Core.OAuth;

/// <summary>
/// The access that a device asks for or has. Full access is what no scope was asked for: everything its user may do,
/// including permissions of later versions, and the user's
/// own credentials. A list of scopes never is, not even of all: it is a limit (RFC 6749, 3.3).
/// </summary>
internal sealed record DeviceAccess(List<string> Scopes, bool IsFull)
{
    public static DeviceAccess Full => new([.. Permissions.All], IsFull: true);

    /// <summary>The access that this actor can pass on to a device.</summary>
    public static DeviceAccess Of(Actor actor) =>
        actor.HasFullAccess ? Full : new([.. actor.EffectivePermissions.Order(StringComparer.Ordinal)], IsFull: false);

    public bool Contains(DeviceAccess other) => IsFull || (!other.IsFull && other.Scopes.TrueForAll(Scopes.Contains));

    /// <summary>A user's permissions, reduced to this access.</summary>
    public IEnumerable<string> Cut(IReadOnlySet<string> held) => IsFull ? held : Scopes.Where(held.Contains);
}
