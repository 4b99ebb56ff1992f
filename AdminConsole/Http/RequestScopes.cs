using AdminConsole.Authorization;

namespace AdminConsole.Http;

/// <summary>
/// Gives each line of the log the id of the request it was written for, the one that audit events and error answers
/// name. It is looked up when a line is
/// written; a scope opened for each request would cost every request.
/// </summary>
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

    // Formatters take the pairs, or the text.
    private sealed class RequestScope(string id) : List<KeyValuePair<string, object?>>([new("RequestId", id)])
    {
        public override string ToString() => $"RequestId:{id}";
    }
}
