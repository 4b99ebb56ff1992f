using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data.Postgres;

public sealed partial class PostgresAppDbContext
{
    internal override string ProviderName => "PostgreSQL";

    internal override Task<long> SizeAsync(CancellationToken ct) =>
        Database.SqlQuery<long>($"""SELECT pg_database_size(current_database()) AS "Value" """).SingleAsync(ct);

    // A standby or a read-only database still begins transactions.
    protected override async Task RefuseUnlessWritableAsync(CancellationToken ct)
    {
        if (await Database.SqlQuery<string>($"""SELECT current_setting('transaction_read_only') AS "Value" """).SingleAsync(ct) == "on")
        {
            throw new InvalidOperationException("PostgreSQL is read only.");
        }
    }
}
