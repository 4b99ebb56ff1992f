using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;

namespace AdminConsole.Core.Data;

/// <summary>One change under way: who makes it, when, and what it will leave in the audit log.</summary>
public sealed class ChangeContext(Actor actor, DateTimeOffset at, ChangeLock rule)
{
    private readonly List<AuditRecord> records = [];
    private readonly List<MailRecord> mails = [];

    /// <summary>Who asked. In a change that needs a permission, with the permissions that the actor has inside its
    /// transaction.</summary>
    public Actor Actor { get; internal set; } = actor;

    /// <summary>The time of everything in this change.</summary>
    public DateTimeOffset At { get; } = at;

    public ChangeLock Lock { get; } = rule;

    /// <summary>Links the events of one act on many.</summary>
    public Guid? BatchId { get; set; }

    /// <summary>Set where what is written is one of the listed writes that leave no event. Without it or an event, a
    /// change that writes anything throws.</summary>
    internal UnauditedWrite? AllowedUnauditedWrite { get; set; }

    /// <summary>The head of the chain as this change leaves it; null where nothing was appended, or the head is not to
    /// be trusted.</summary>
    internal AuditHead? Head { get; set; }

    internal IReadOnlyList<AuditRecord> Records => records;

    internal IReadOnlyList<MailRecord> Mails => mails;

    /// <summary>Notes down what was done, on whom, and the old and new values. Never a secret.</summary>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="target">What it was done to, by the name it has now.</param>
    /// <param name="details">Serialised to JSON; <c>changes</c> is a list of <see cref="FieldChange"/>.</param>
    /// <param name="by">Who did it, where that is not the one who asked: a sign-in is the act of the user it signs
    /// in.</param>
    public void Record(string action, AuditTarget? target, object? details = null, Actor? by = null) =>
        records.Add(new AuditRecord(action, target, details, by ?? Actor, At, BatchId));

    /// <summary>Takes over what was recorded ahead of this change, as if it was recorded now.</summary>
    internal void Append(ChangeContext prepared)
    {
        mails.AddRange(prepared.mails.Select(mail => mail with { AfterRecords = mail.AfterRecords + records.Count }));
        records.AddRange(prepared.records.Select(record => record with { At = At, BatchId = BatchId }));
    }

    /// <summary>
    /// Writes to a user about what was just recorded; it goes out once the change is committed, and not where it is
    /// rolled back. An
    /// account without an email gets no mail.
    /// </summary>
    internal void Mail(AppUser to, EmailMessage letter)
    {
        if (to.Email is { } address)
        {
            Mail(address, letter);
        }
    }

    /// <summary>The same to an address that is not, or no longer, the user's.</summary>
    internal void Mail(string address, EmailMessage letter) =>
        mails.Add(
            !letter.CarriesSecret || EmailTemplates.WithSecret.Contains(letter.Kind)
                ? new MailRecord(address, letter, records.Count)
                : throw new InvalidOperationException(
                    $"A mail with a secret is listed in {nameof(EmailTemplates)}.{nameof(EmailTemplates.WithSecret)}, so that it can be "
                        + $"withdrawn: {letter.Kind}."
                )
        );

    /// <summary>Does the same work as sending a mail, the outbox row included, but nothing is sent.</summary>
    internal void MailDecoy(EmailMessage letter) => mails.Add(new MailRecord(OutboxMail.DecoyRecipient, letter, records.Count));

    /// <summary>Notes down what is made up to have happened earlier. For demonstration data only, which its batch id
    /// betrays.</summary>
    internal void RecordMadeUp(string action, AuditTarget? target, object? details, Actor by, DateTimeOffset at, Guid batch) =>
        records.Add(new AuditRecord(action, target, details, by, at, batch));

    /// <summary>Forgets what was noted down after the first <paramref name="count"/>, and the mails about it, because
    /// it was rolled back.</summary>
    internal void ForgetAfter(int count)
    {
        records.RemoveRange(count, records.Count - count);
        mails.RemoveAll(mail => mail.AfterRecords > count);
    }
}

/// <summary>An event before it has its place in the chain.</summary>
internal sealed record AuditRecord(string Action, AuditTarget? Target, object? Details, Actor By, DateTimeOffset At, Guid? BatchId);

/// <summary>A mail before it is in the outbox, and how many events were recorded before it.</summary>
internal sealed record MailRecord(string Recipient, EmailMessage Letter, int AfterRecords);

/// <summary>What a field was and is.</summary>
public sealed record FieldChange(string Field, object? Old, object? New)
{
    /// <summary>Only the fields that really changed.</summary>
    public static FieldChange[] Between(params ReadOnlySpan<FieldChange> fields)
    {
        var changed = new List<FieldChange>();
        foreach (var field in fields)
        {
            if (!Equals(field.Old, field.New))
            {
                changed.Add(field);
            }
        }

        return [.. changed];
    }
}
