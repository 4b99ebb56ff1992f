using AdminConsole.Core.Security;

namespace AdminConsole.Core.OAuth;

/// <summary>The access that a device requests or has. A request without scopes has full access: all permissions of the
/// user, including those of later versions, and the management of the user's own credentials. A list of scopes is
/// always a limit, even if it names all permissions (RFC 6749, section 3.3).</summary>
internal sealed record DeviceAccess(List<string> Scopes, bool IsFull)
{
    public static DeviceAccess Full => new([.. Permissions.All], IsFull: true);

    /// <summary>Returns the access that this actor can grant to a device.</summary>
    public static DeviceAccess Of(Actor actor) =>
        actor.HasFullAccess ? Full : new([.. actor.EffectivePermissions.Order(StringComparer.Ordinal)], IsFull: false);

    public bool Contains(DeviceAccess other) => IsFull || (!other.IsFull && other.Scopes.TrueForAll(Scopes.Contains));

    /// <summary>Limits a user's permissions to this access.</summary>
    public IEnumerable<string> Limit(IReadOnlySet<string> held) => IsFull ? held : Scopes.Where(held.Contains);
}
