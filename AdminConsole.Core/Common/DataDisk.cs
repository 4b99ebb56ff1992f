namespace AdminConsole.Core.Common;

/// <summary>The data directory, and how many bytes should be free there.</summary>
public sealed record DataDisk(string Folder, long MinimumFreeBytes);
