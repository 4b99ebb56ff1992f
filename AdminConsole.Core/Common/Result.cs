namespace AdminConsole.Core.Common;

/// <summary>The kind of a refusal, which determines its HTTP status and its presentation on a page.</summary>
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

/// <summary>An expected failure: a stable code for programs and one sentence for users.</summary>
public record Refusal(RefusalKind Kind, string Code, string Message)
{
    /// <summary>Messages by field (camelCase) when <see cref="Code"/> is <c>validation_failed</c>.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The invalid rows when <see cref="Code"/> is <c>import_failed</c>.</summary>
    public IReadOnlyList<Contracts.ImportError>? Rows { get; init; }

    /// <summary>The missing permission when <see cref="Code"/> is <c>forbidden</c>.</summary>
    public string? Permission { get; init; }

    /// <summary>The time to wait before a retry.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when a permission was missing, which is recorded in the audit log. False when a recent sign-in or
    /// a new password would help.</summary>
    public bool IsMissingPermission => Code is "forbidden" or "above_you" or "insufficient_scope";

    /// <summary>True when the writes of the operation are committed despite the refusal.</summary>
    public bool CommitsAnyway { get; private init; }

    public static Refusal Invalid(string code, string message) => new(RefusalKind.Invalid, code, message);

    /// <summary>Creates a refusal for one invalid field.</summary>
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

    /// <summary>Returns the same refusal, but with the writes committed: a failed sign-in, a detected reuse.</summary>
    public Refusal Recorded() => this with { CommitsAnyway = true };
}

/// <summary>The result of an operation that returns no value.</summary>
public readonly record struct Unit;

/// <summary>Either the value of an operation or its refusal. A bug throws instead.</summary>
public sealed class Result<T>
{
    private readonly T? value;

    private Result(T? value, Refusal? refusal) => (this.value, Refusal) = (value, refusal);

    /// <summary>The refusal; null on success.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The value. Throws when refused: check <see cref="Refusal"/> first.</summary>
    public T Value => Refusal is null ? value! : throw new InvalidOperationException($"Refused: {Refusal.Code}.");

    public TResult Match<TResult>(Func<T, TResult> ok, Func<Refusal, TResult> refused) => Refusal is null ? ok(value!) : refused(Refusal);

    public Result<TNext> Then<TNext>(Func<T, TNext> next) => Refusal is null ? next(value!) : Refusal;

    internal static Result<T> Of(T value) => new(value, null);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>Creates results of interface types, which C# conversion operators don't support.</summary>
public static class Result
{
    public static Result<T> Of<T>(T value) => Result<T>.Of(value);
}
