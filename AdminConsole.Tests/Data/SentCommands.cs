using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AdminConsole.Tests.Data;

/// <summary>A statement that Entity Framework Core sent, with its parameters.</summary>
public sealed record SentCommand(string Text, IReadOnlyList<DbParameter> Parameters);

/// <summary>Records the statements of one asynchronous flow. Background workers run in other flows.</summary>
public sealed class SentCommands : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private static readonly AsyncLocal<List<SentCommand>?> Sent = new();

    static SentCommands() => DiagnosticListener.AllListeners.Subscribe(new SentCommands());

    /// <summary>Runs the operation and returns its statements in the order they were sent.</summary>
    public static async Task<List<SentCommand>> OfAsync(Func<Task> operation)
    {
        var sent = Sent.Value = [];
        await operation();
        Sent.Value = null;
        return sent;
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.EntityFrameworkCore")
        {
            value.Subscribe(this);
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is CommandEventData data && value.Key == RelationalEventId.CommandExecuting.Name)
        {
            Sent.Value?.Add(new(data.Command.CommandText, [.. data.Command.Parameters.Cast<DbParameter>().Select(Copy)]));
        }
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    private static DbParameter Copy(DbParameter parameter) =>
        parameter is NpgsqlParameter postgres ? postgres.Clone() : new SqliteParameter(parameter.ParameterName, parameter.Value);
}
