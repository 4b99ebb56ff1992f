using AdminConsole.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

Console.Error.WriteLine("Run through `dotnet ef`; docs/operations.md says how.");

internal static class Design
{
    // The context asks its application for the version of Identity's schema.
    public static readonly IServiceProvider Services = new ServiceCollection().Configure<IdentityOptions>(AppDbContext.UseSchema).BuildServiceProvider();
}

internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteAppDbContext>
{
    public SqliteAppDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteAppDbContext>().UseSqlite("Data Source=design.db").UseApplicationServiceProvider(Design.Services).Options, null!, null!);
}

internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresAppDbContext>
{
    public PostgresAppDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresAppDbContext>().UseNpgsql("Host=design").UseApplicationServiceProvider(Design.Services).Options, null!);
}
