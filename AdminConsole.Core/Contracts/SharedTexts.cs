namespace AdminConsole.Core.Contracts;

/// <summary>Texts that pages and the command line share.</summary>
public static class SharedTexts
{
    /// <summary>Shown in place of the email of an account without one.</summary>
    public const string NoEmail = "No email";
    public const string CopyFailed = "This browser doesn't allow copying here. Select the text to copy it.";
}
