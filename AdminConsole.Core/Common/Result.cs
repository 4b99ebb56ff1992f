namespace AdminConsole.Core.Common;

/// <summary>What kind of "no" a refusal is; each door knows how its kind looks.</summary>
public enum RefusalKind
{
    Invalid,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    TooMany,
    Busy,
}

/// <summary>An expected "no": a stable code for programs and one sentence for a person.</summary>
public sealed record Refusal(RefusalKind Kind, string Code, string Message)
{
    /// <summary>Messages by field (camelCase) where <see cref="Code"/> is <c>validation_failed</c>.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The rows at fault where <see cref="Code"/> is <c>import_failed</c>.</summary>
    public IReadOnlyList<Contracts.ImportError>? Rows { get; init; }

    /// <summary>The permission that was missing where <see cref="Code"/> is <c>forbidden</c>.</summary>
    public string? Permission { get; init; }

    /// <summary>When trying again makes sense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the second step of a sign-in goes on from where <see cref="Code"/> is <c>mfa_required </c>; for
    /// the page's ticket, never in an answer.</summary>
    public AdminConsole.Core.Authentication.PendingSignIn? Pending { get; init; }

    /// <summary>True where a right was missing, which leaves a trace; not where a fresh sign-in or a new password would
    /// help.</summary>
    public bool IsMissingPermission => Code is "forbidden" or "above_you" or "insufficient_scope";

    /// <summary>True when what the verb wrote is committed although it refused.</summary>
    public bool CommitsAnyway { get; private init; }

    public static Refusal Invalid(string code, string message) => new(RefusalKind.Invalid, code, message);

    /// <summary>A refusal that names the one field at fault.</summary>
    public static Refusal InvalidField(string field, string message) =>
        Validation(new Dictionary<string, string[]> { [field] = [message] });

    public static Refusal Validation(IReadOnlyDictionary<string, string[]> errors) =>
        new(
            RefusalKind.Invalid,
            "validation_failed",
            errors.Values.SelectMany(messages => messages).FirstOrDefault() ?? "The input is not valid."
        )
        {
            Errors = errors,
        };

    public static Refusal Unauthenticated(string code, string message) => new(RefusalKind.Unauthenticated, code, message);

    public static Refusal Forbidden(string code, string message) => new(RefusalKind.Forbidden, code, message);

    public static Refusal NotFound(string message) => new(RefusalKind.NotFound, "not_found", message);

    public static Refusal Conflict(string code, string message) => new(RefusalKind.Conflict, code, message);

    public static Refusal Busy(string message) => new(RefusalKind.Busy, "busy", message) { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The same refusal, but what the verb wrote stays: a failed sign-in, a detected reuse.</summary>
    public Refusal Recorded() => this with { CommitsAnyway = true };
}

/// <summary>The answer of a verb that has nothing to tell but that it happened.</summary>
public readonly record struct Unit;

/// <summary>Either the value a verb promised, or why it was refused. A bug throws instead.</summary>
public sealed class Result<T>
{
    private readonly T? value;

    private Result(T? value, Refusal? refusal) => (this.value, Refusal) = (value, refusal);

    /// <summary>Why it was refused; null on success.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The value. Throws when refused: ask <see cref="Refusal"/> first.</summary>
    public T Value => Refusal is null ? value! : throw new InvalidOperationException($"Refused: {Refusal.Code}.");

    public TResult Match<TResult>(Func<T, TResult> ok, Func<Refusal, TResult> refused) => Refusal is null ? ok(value!) : refused(Refusal);

    public Result<TNext> Then<TNext>(Func<T, TNext> next) => Refusal is null ? next(value!) : Refusal;

    internal static Result<T> Of(T value) => new(value, null);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>Results of interfaces, which no conversion of the language covers.</summary>
public static class Result
{
    public static Result<T> Of<T>(T value) => Result<T>.Of(value);
}
