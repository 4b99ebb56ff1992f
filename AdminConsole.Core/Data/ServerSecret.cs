using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Data;

/// <summary>A key that this installation generated for itself, encrypted by data protection.</summary>
public sealed class ServerSecret
{
    public required string Name { get; init; }
    public required string Protected { get; init; }
}

/// <summary>A key of the ASP.NET Core data protection key ring, as XML.</summary>
public sealed class DataProtectionKey
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Xml { get; init; }
}

internal sealed class ServerKeysConfiguration : IEntityTypeConfiguration<ServerSecret>, IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<ServerSecret> builder) => builder.HasKey(secret => secret.Name);

    public void Configure(EntityTypeBuilder<DataProtectionKey> builder) => builder.HasKey(key => key.Id);
}
