namespace AdminConsole.Core.Settings;

/// <summary>The one row of settings. It is JSON, so that a new setting needs no migration and takes its
/// default.</summary>
public sealed class StoredSettings
{
    public const int RowId = 1;

    public required int Id { get; init; }

    public required string Json { get; set; }
}
