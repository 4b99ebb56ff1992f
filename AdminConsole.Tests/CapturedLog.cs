using System.Collections.Concurrent;

namespace AdminConsole.Tests;

/// <summary>Collects the log of the program, including exceptions.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Unexpected errors.</summary>
    public IEnumerable<string> Errors =>
        Lines.Where(line =>
            line.StartsWith(nameof(LogLevel.Error), StringComparison.Ordinal)
            || line.StartsWith(nameof(LogLevel.Critical), StringComparison.Ordinal)
        );

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => log.Lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
    }
}
