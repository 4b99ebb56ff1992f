namespace AdminConsole.Core.Security;

/// <summary>A key that this installation made for itself, protected by data protection.</summary>
public sealed class ServerSecret
{
    public required string Name { get; init; }
    public required string Protected { get; init; }
}

/// <summary>One key of ASP.NET Core's data protection, as it hands it over.</summary>
public sealed class DataProtectionKey
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Xml { get; init; }
}
