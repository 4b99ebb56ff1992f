using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Data;

public abstract partial class AppDbContext
{
    /// <summary>
    /// Why nothing could be done, where the exception says that the database cannot be used at this moment:
    /// <c>unavailable </c>, or <c>outcome_unknown </c> where the
    /// connection broke during a commit. Null where it says anything else, which is a bug.
    /// </summary>
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

            if (FaultOf(cause) is { } fault)
            {
                return Refusals.Unavailable(fault);
            }
        }

        return null;
    }

    // Never tried again where the connection broke: it may have happened. Then listeners hear of it too, because what
    // they do, looking again, is right in either case.
    private async Task CommitAsync(IReadOnlyList<AuditEvent> events)
    {
        try
        {
            await Database.CommitTransactionAsync(CancellationToken.None);
        }
        catch (Exception broken) when (MayHaveCommitted(broken))
        {
            tools.Feed.Publish(events);
            throw new OutcomeUnknownException(broken);
        }
    }

    /// <summary>What is the matter with the database, as what follows "The database"; null where the exception is about
    /// something else.</summary>
    protected abstract string? FaultOf(Exception exception);

    /// <summary>True where a commit that failed like this may have happened all the same.</summary>
    protected virtual bool MayHaveCommitted(Exception exception) => false;
}

/// <summary>The connection broke while a change was committed: it happened, or it did not.</summary>
internal sealed class OutcomeUnknownException(Exception cause) : Exception("The connection broke during a commit.", cause);
