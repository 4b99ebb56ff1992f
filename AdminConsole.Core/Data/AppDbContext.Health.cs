using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

public abstract partial class AppDbContext
{
    /// <summary>The product name of the database, for display.</summary>
    internal abstract string ProviderName { get; }

    /// <summary>Returns the size of the database on disk, in bytes.</summary>
    internal abstract Task<long> SizeAsync(CancellationToken ct);

    /// <summary>Runs a small read; throws when the database can't be read. A missing head row is not an error here: the
    /// audit check reports it.</summary>
    internal Task ProbeReadAsync(CancellationToken ct) => AuditHeads.AsNoTracking().Select(head => head.LastId).SingleOrDefaultAsync(ct);

    /// <summary>Waits for the write lock, begins a write transaction and rolls it back, without writing. Throws when
    /// the database accepts no changes.</summary>
    internal async Task ProbeWriteAsync(CancellationToken ct)
    {
        await using var transaction = await BeginWriteAsync(ct);
        await RefuseUnlessWritableAsync(ct);
    }

    /// <summary>Throws when the database is read-only although it began a write transaction. Runs inside that
    /// transaction.</summary>
    protected virtual Task RefuseUnlessWritableAsync(CancellationToken ct) => Task.CompletedTask;
}
