using AdminConsole.Core.Data.Postgres;
using AdminConsole.Core.Data.Sqlite;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Data;

/// <summary>Creates the context for <c>dotnet ef</c>, without a configuration or a database. CONTRIBUTING.md lists the
/// commands.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteAppDbContext>
{
    public SqliteAppDbContext CreateDbContext(string[] args) =>
        new(DesignTime.Options<SqliteAppDbContext>(options => options.UseSqlite("Data Source=design.db")), null!, null!);
}

internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresAppDbContext>
{
    public PostgresAppDbContext CreateDbContext(string[] args) =>
        new(DesignTime.Options<PostgresAppDbContext>(options => options.UseNpgsql("Host=design")), null!);
}

internal static class DesignTime
{
    // The context reads the version of Identity's schema from the application's services.
    private static readonly IServiceProvider Services = new ServiceCollection()
        .Configure<IdentityOptions>(AppDbContext.UseSchema)
        .BuildServiceProvider();

    public static DbContextOptions<TContext> Options<TContext>(Action<DbContextOptionsBuilder> provider)
        where TContext : DbContext
    {
        var options = new DbContextOptionsBuilder<TContext>();
        provider(options);
        options.UseApplicationServiceProvider(Services);
        return options.Options;
    }
}
