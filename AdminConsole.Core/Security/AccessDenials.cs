namespace AdminConsole.Core.Security;

/// <summary>Refusals for lack of a right are recorded once per person, door and hour.</summary>
public sealed class AccessDenials(TimeProvider clock) : IDisposable
{
    private readonly HourlyDeduplicator recorded = new(clock);

    /// <summary>True the first time within the hour; nobody known is never recorded.</summary>
    public bool IsNew(Actor actor, string door) => actor.UserId is { } user && recorded.IsNew((user, door));

    public void Dispose() => recorded.Dispose();
}
