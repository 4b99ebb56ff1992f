using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data.Sqlite;

public sealed partial class SqliteAppDbContext
{
    private static readonly string[] Parts = ["", "-wal", "-shm"];

    internal override string ProviderName => "SQLite";

    internal override Task<long> SizeAsync(CancellationToken ct)
    {
        var file = Database.GetDbConnection().DataSource;
        return Task.FromResult(Parts.Select(part => new FileInfo(file + part)).Sum(part => part.Exists ? part.Length : 0));
    }
}
