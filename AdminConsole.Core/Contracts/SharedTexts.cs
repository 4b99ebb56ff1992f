namespace AdminConsole.Core.Contracts;

/// <summary>Texts that pages and the command line share.</summary>
public static class SharedTexts
{
    /// <summary>The text shown for the missing email of an account.</summary>
    public const string NoEmail = "No email";
    public const string CopyFailed = "This browser doesn't allow copying here. Select the text to copy it.";
}
