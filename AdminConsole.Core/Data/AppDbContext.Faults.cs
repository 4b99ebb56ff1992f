using AdminConsole.Core.Common;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Data;

public abstract partial class AppDbContext
{
    /// <summary>Returns the refusal for an exception that means the database can't be used now: <c>unavailable</c>,
    /// <c>outcome_unknown</c> when the connection broke during a commit, or the refusal of a blocked audit log. Null
    /// for any other exception, which is a bug.</summary>
    public Refusal? Unavailable(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is OutcomeUnknownException)
            {
                return Refusals.OutcomeUnknown;
            }

            if (cause is AuditBlockedException blocked)
            {
                return Refusals.AuditBlocked(blocked.Message);
            }

            if (DescribeFault(cause) is { } fault)
            {
                return Refusals.Unavailable(fault);
            }
        }

        return null;
    }

    /// <summary>Returns the fault of the database as the rest of a sentence that starts with "The database"; null when
    /// the exception is about something else.</summary>
    protected abstract string? DescribeFault(Exception exception);

    /// <summary>True when a commit that failed with this exception may still have succeeded.</summary>
    internal virtual bool MayHaveCommitted(Exception exception) => false;
}

/// <summary>The connection broke during the commit of a change, which may or may not have succeeded.</summary>
internal sealed class OutcomeUnknownException(Exception cause) : Exception("The connection broke during a commit.", cause);
