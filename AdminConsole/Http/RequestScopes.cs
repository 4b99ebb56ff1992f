using AdminConsole.Authorization;

namespace AdminConsole.Http;

/// <summary>Adds the request id to each log line, the same id as in audit events and error responses. It is looked up
/// when a line is written, because opening a scope would cost every request.</summary>
internal sealed class RequestScopes(IHttpContextAccessor http) : IExternalScopeProvider
{
    private readonly LoggerExternalScopeProvider scopes = new();

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
    {
        if (http.HttpContext is { } context)
        {
            callback(new RequestScope(CurrentActor.RequestIdOf(context)), state);
        }

        scopes.ForEachScope(callback, state);
    }

    public IDisposable Push(object? state) => scopes.Push(state);

    // Formatters use the pairs, or the text.
    private sealed class RequestScope(string id) : List<KeyValuePair<string, object?>>([new("RequestId", id)])
    {
        public override string ToString() => $"RequestId:{id}";
    }
}
