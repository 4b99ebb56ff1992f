using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace AdminConsole.Core.Data.Sqlite;

/// <summary>Runs each migration in one transaction. To rebuild a table, EF Core switches foreign keys off, which SQLite
/// allows only between transactions. A process killed there would leave half a migration, which no later start could
/// finish. So <see cref="SqliteAppDbContext.MigrateAsync"/> switches them off for all migrations, and no migration
/// does.</summary>
internal sealed class SqliteMigrationCommands(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    public override IReadOnlyList<MigrationCommand> Generate(
        IReadOnlyList<MigrationOperation> operations,
        IModel? model = null,
        MigrationsSqlGenerationOptions options = MigrationsSqlGenerationOptions.Default
    ) => [.. base.Generate(operations, model, options).Where(command => !IsForeignKeySwitch(command))];

    private static bool IsForeignKeySwitch(MigrationCommand command) =>
        command.TransactionSuppressed && command.CommandText.StartsWith("PRAGMA foreign_keys", StringComparison.Ordinal);
}
