using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;

namespace AdminConsole.Core.Changes;

/// <summary>A change in progress: its actor, its time, and the audit events and emails it will write.</summary>
public sealed class ChangeContext(Actor actor, DateTimeOffset at, ChangeLock rule)
{
    private readonly List<AuditRecord> records = [];
    private readonly List<MailRecord> mails = [];

    /// <summary>The caller. In a change that requires a permission, it has the permissions that are current inside the
    /// transaction.</summary>
    public Actor Actor { get; internal set; } = actor;

    /// <summary>The time of everything that this change writes.</summary>
    public DateTimeOffset At { get; } = at;

    public ChangeLock Lock { get; } = rule;

    /// <summary>Links the events of one bulk action.</summary>
    public Guid? BatchId { get; set; }

    /// <summary>Set when the change writes only rows that one of the listed unaudited writes covers. If it is null and
    /// no event is recorded, a change that writes throws.</summary>
    internal UnauditedWrite? AllowedUnauditedWrite { get; set; }

    /// <summary>The head of the chain as this change leaves it; null when nothing was appended or the head can't be
    /// trusted.</summary>
    internal AuditHead? Head { get; set; }

    /// <summary>The events that this change appended to the chain; empty before its last step.</summary>
    internal IReadOnlyList<AuditEvent> Events { get; set; } = [];

    internal IReadOnlyList<AuditRecord> Records => records;

    internal IReadOnlyList<MailRecord> Mails => mails;

    /// <summary>Records an audit event: what was done, to what, and the old and new values. It must never contain a
    /// secret.</summary>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="target">The target, with its current name.</param>
    /// <param name="details">Serialized to JSON; <c>changes</c> is a list of <see cref="FieldChange"/>.</param>
    /// <param name="by">The actor of the event, when it is not the caller: a sign-in is recorded as the user who signs
    /// in.</param>
    public void Record(string action, AuditTarget? target, object? details = null, Actor? by = null) =>
        records.Add(new AuditRecord(action, target, details, by ?? Actor, At, BatchId));

    /// <summary>Adds the events and emails prepared in another context, as if they were recorded now.</summary>
    internal void Append(ChangeContext prepared)
    {
        mails.AddRange(prepared.mails.Select(mail => mail with { AfterRecords = mail.AfterRecords + records.Count }));
        records.AddRange(prepared.records.Select(record => record with { At = At, BatchId = BatchId }));
    }

    /// <summary>Queues an email to a user about the events just recorded. It is sent after the commit, and dropped on
    /// rollback. An account without an email gets none.</summary>
    internal void Mail(AppUser to, EmailMessage message)
    {
        if (to.Email is { } address)
        {
            Mail(address, message);
        }
    }

    /// <summary>Queues an email to an address that is not, or no longer, the user's.</summary>
    internal void Mail(string address, EmailMessage message) => mails.Add(new MailRecord(address, message, records.Count));

    /// <summary>Does the same work as sending an email, including the outbox row, but sends nothing.</summary>
    internal void MailDecoy(EmailMessage message) => mails.Add(new MailRecord(OutboxMail.DecoyRecipient, message, records.Count));

    /// <summary>Records an invented event of the past. For demonstration data only, which is recognized by its batch
    /// id.</summary>
    internal void RecordInvented(string action, AuditTarget? target, object? details, Actor by, DateTimeOffset at, Guid batch) =>
        records.Add(new AuditRecord(action, target, details, by, at, batch));

    /// <summary>Drops the events recorded after the first <paramref name="count"/>, and the emails about them, because
    /// their writes were rolled back.</summary>
    internal void TruncateAfter(int count)
    {
        records.RemoveRange(count, records.Count - count);
        mails.RemoveAll(mail => mail.AfterRecords > count);
    }
}

/// <summary>An event before it is linked into the chain.</summary>
internal sealed record AuditRecord(string Action, AuditTarget? Target, object? Details, Actor By, DateTimeOffset At, Guid? BatchId);

/// <summary>An email before it is in the outbox, with the number of events recorded before it.</summary>
internal sealed record MailRecord(string Recipient, EmailMessage Message, int AfterRecords);

/// <summary>The old and new value of a field.</summary>
public sealed record FieldChange(string Field, object? Old, object? New)
{
    /// <summary>Returns only the fields whose value changed.</summary>
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
