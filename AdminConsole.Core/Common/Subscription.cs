namespace AdminConsole.Core.Common;

/// <summary>Ends a subscription when it is disposed of.</summary>
internal sealed class Subscription(Action unsubscribe) : IDisposable
{
    public void Dispose() => unsubscribe();
}
