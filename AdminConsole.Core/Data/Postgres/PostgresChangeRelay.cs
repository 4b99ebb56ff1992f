using System.Globalization;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminConsole.Core.Data.Postgres;

/// <summary>Receives the changes that other nodes commit to the same PostgreSQL database. Each change announces, inside
/// its transaction, its node and the id of its last event. Ids are gapless and in commit order, so the events in
/// between are read from the log, including those missed while disconnected. Caches are disabled until the connection
/// is back and has caught up.</summary>
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

    /// <summary>The name of the connection in pg_stat_activity.</summary>
    internal const string ApplicationName = "AdminConsole relay";

    private const int BatchSize = 1_000;
    private const long Nothing = -1;

    // A broken connection may report no error, so an idle one is tested.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long receivedUpTo = Nothing;

    /// <summary>Waits a few seconds for the connection, so that a server usually starts with its caches
    /// enabled.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        feed.IsComplete = false;
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(connected.Task, Task.Delay(StartTimeout, CancellationToken.None));
    }

    /// <summary>Returns the status of the relay and how far it is behind the last event of the log.</summary>
    internal RelayFacts Facts(long? lastEvent) =>
        new(
            feed.IsComplete,
            lastEvent is { } last && Volatile.Read(ref receivedUpTo) is var received and not Nothing ? Math.Max(0, last - received) : null
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
                    "Lost the change feed from other nodes ({Problem}). Caches are disabled until it reconnects.",
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
        var received = new Queue<string>();
        connection.Notification += (_, notice) => received.Enqueue(notice.Payload);
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
            while (received.TryDequeue(out var payload))
            {
                fromOthers |= await HearAsync(payload, ct);
            }

            if (fromOthers)
            {
                await feed.AfterRemoteCommit(ct);
            }
        }
    }

    // Changes of this node were published when they were committed. Returns true when another node committed.
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

        Volatile.Write(ref receivedUpTo, Math.Max(receivedUpTo, last));
        return node != feed.Node;
    }

    private async Task CatchUpAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var last = await scope.ServiceProvider.GetRequiredService<AppDbContext>().AuditEvents.MaxAsync(entry => (long?)entry.Id, ct) ?? 0;
        if (receivedUpTo != Nothing)
        {
            await ReadUpToAsync(last, ct);
        }

        Volatile.Write(ref receivedUpTo, last);
    }

    private async Task ReadUpToAsync(long last, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var from = receivedUpTo == Nothing ? last - 1 : receivedUpTo;
        while (from < last)
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
