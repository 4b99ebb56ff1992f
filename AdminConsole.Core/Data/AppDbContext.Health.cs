using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

public abstract partial class AppDbContext
{
    /// <summary>The database as people call it.</summary>
    internal abstract string ProviderName { get; }

    /// <summary>Everything it takes on the disk, in bytes.</summary>
    internal abstract Task<long> SizeAsync(CancellationToken ct);

    /// <summary>A small read; throws where the database cannot be read. Whether the row is there, the check of the
    /// audit log says.</summary>
    internal Task ProbeReadAsync(CancellationToken ct) => AuditHeads.AsNoTracking().Select(head => head.LastId).SingleOrDefaultAsync(ct);

    /// <summary>Begins a change when it is its turn and gives it up, so nothing is written; throws where the database
    /// takes none.</summary>
    internal async Task ProbeWriteAsync(CancellationToken ct)
    {
        await using var transaction = await BeginWriteAsync(ct);
        await RefuseUnlessWritableAsync(ct);
    }

    /// <summary>Inside a transaction of a change: throws where that alone does not show that the database can be
    /// written.</summary>
    protected virtual Task RefuseUnlessWritableAsync(CancellationToken ct) => Task.CompletedTask;
}
