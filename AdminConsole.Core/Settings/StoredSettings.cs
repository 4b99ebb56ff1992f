namespace AdminConsole.Core.Settings;

/// <summary>The single row of settings. Stored as JSON, so a new setting needs no migration and has its default
/// value.</summary>
public sealed class StoredSettings
{
    public const int RowId = 1;

    public required int Id { get; init; }

    public required string Json { get; set; }
}
