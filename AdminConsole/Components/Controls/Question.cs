namespace AdminConsole.Components.Controls;

/// <summary>The question that confirms an operation.</summary>
/// <param name="Title">Names the operation and its target: "Revoke Nightly backup?".</param>
/// <param name="Text">The consequences, in at most two short sentences.</param>
/// <param name="Verb">The label of the confirming button.</param>
public sealed record Question(string Title, string Text, string Verb)
{
    /// <summary>True if the operation is irreversible or destructive.</summary>
    public bool IsDestructive { get; init; } = true;

    /// <summary>The text that the user must type to confirm; null if a click is enough.</summary>
    public string? TypedConfirmation { get; init; }
}
