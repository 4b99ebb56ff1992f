namespace AdminConsole.Components.Controls;

/// <summary>A question before an operation.</summary>
/// <param name="Title">Names the operation and its target: "Revoke Nightly backup?".</param>
/// <param name="Text">What will happen, in at most two short sentences.</param>
/// <param name="Verb">The label of the confirming button.</param>
public sealed record Question(string Title, string Text, string Verb)
{
    /// <summary>True where the operation can't be undone or takes something away.</summary>
    public bool IsDestructive { get; init; } = true;

    /// <summary>What must be typed before the operation can run; null where a click is enough.</summary>
    public string? TypedConfirmation { get; init; }
}
