using System.Globalization;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminConsole.Core.Changes;

/// <summary>
/// Hears what other nodes on the same PostgreSQL database commit. Each change sends, inside its transaction, which node
/// it is and the last id of its events; ids are without gaps and in
/// the order of commits, so whatever lies between is read from the log, also what was missed while the connection was
/// away. Until it is back, and has caught up, nothing
/// that is remembered is relied on.
/// </summary>
public sealed class PostgresChangeRelay(
    ChangeFeed feed,
    DatabaseOptions database,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<PostgresChangeRelay> log
) : BackgroundService
{
    /// <summary>The channel of LISTEN and NOTIFY.</summary>
    internal const string Channel = "adminconsole_changes";

    /// <summary>How the connection is called in pg_stat_activity.</summary>
    internal const string ApplicationName = "AdminConsole relay";

    private const int BatchSize = 1_000;
    private const long Nothing = -1;

    // A connection whose other end is gone says nothing: it is asked.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long heardUpTo = Nothing;

    /// <summary>Waits a moment for the connection, so that a server usually begins with everything
    /// remembered.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        feed.IsComplete = false;
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(connected.Task, Task.Delay(StartPatience, CancellationToken.None));
    }

    /// <summary>How well it hears, when the log goes as far as this.</summary>
    internal RelayFacts Facts(long? lastEvent) =>
        new(
            feed.IsComplete,
            lastEvent is { } last && Volatile.Read(ref heardUpTo) is var heard and not Nothing ? Math.Max(0, last - heard) : null
        );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(
                    "What other nodes change is not heard ({Problem}); nothing is remembered until it is again.",
                    exception.Message
                );
            }
            finally
            {
                feed.IsComplete = false;
            }

            await Task.Delay(RetryAfter, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Pooling = false,
            ApplicationName = ApplicationName,
            CommandTimeout = (int)Heartbeat.TotalSeconds,
            CancellationTimeout = -1,
        };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(ct);
        var heard = new Queue<string>();
        connection.Notification += (_, notice) => heard.Enqueue(notice.Payload);
        await AskAsync(connection, $"LISTEN {Channel}", ct);
        await CatchUpAsync(ct);
        feed.IsComplete = true;
        connected.TrySetResult();
        while (true)
        {
            if (!await connection.WaitAsync(Heartbeat, ct))
            {
                await AskAsync(connection, "SELECT 1", ct);
            }

            var fromOthers = false;
            while (heard.TryDequeue(out var payload))
            {
                fromOthers |= await HearAsync(payload, ct);
            }

            if (fromOthers)
            {
                await SeeHeadAsync(ct);
            }
        }
    }

    // What this node committed itself, everybody here knows already. True where another did.
    private async Task<bool> HearAsync(string payload, CancellationToken ct)
    {
        if (payload.Split(' ') is not [var node, var text] || !long.TryParse(text, CultureInfo.InvariantCulture, out var last))
        {
            return false;
        }

        if (node != feed.Node)
        {
            await ReadUpToAsync(last, ct);
        }

        Volatile.Write(ref heardUpTo, Math.Max(heardUpTo, last));
        return node != feed.Node;
    }

    // A notice can be forged, a signed head cannot: so each node remembers how far the others wrote.
    private async Task SeeHeadAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AuditInspection>().LookAsync(ct);
    }

    private async Task CatchUpAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var last = await scope.ServiceProvider.GetRequiredService<AppDbContext>().AuditEvents.MaxAsync(entry => (long?)entry.Id, ct) ?? 0;
        if (heardUpTo != Nothing)
        {
            await ReadUpToAsync(last, ct);
        }

        Volatile.Write(ref heardUpTo, last);
    }

    private async Task ReadUpToAsync(long last, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        for (var from = heardUpTo == Nothing ? last - 1 : heardUpTo; from < last; )
        {
            var notices = await db
                .AuditEvents.Where(entry => entry.Id > from && entry.Id <= last)
                .OrderBy(entry => entry.Id)
                .Take(BatchSize)
                .Select(entry => new ChangeNotice(entry.Id, entry.Action, entry.TargetType, entry.TargetId, entry.ActorId))
                .ToListAsync(ct);
            feed.Publish(notices);
            from = notices.Count == 0 ? last : notices[^1].EventId;
        }
    }

    private static async Task AskAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
