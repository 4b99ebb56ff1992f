namespace AdminConsole.Core.Contracts;

/// <summary>Texts that pages and adminctl show alike.</summary>
public static class Words
{
    /// <summary>In place of the email of an account without one.</summary>
    public const string NoEmail = "No email";
}
