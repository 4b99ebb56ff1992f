using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Common;

/// <summary>Checks the annotations of a contract, for the API and the pages.</summary>
internal static class Validation
{
    /// <summary>Returns null when the request is valid; otherwise <c>validation_failed</c> with messages for each
    /// field.</summary>
    public static Refusal? Check(object request)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(request, new ValidationContext(request), results, validateAllProperties: true);
        foreach (var property in request.GetType().GetProperties())
        {
            // A list of texts may contain null from JSON.
            var texts = property.GetValue(request) switch
            {
                string text => [text],
                IEnumerable<string?> list => list,
                _ => Enumerable.Empty<string?>(),
            };
            if (!texts.All(IsStorable))
            {
                results.Add(
                    new ValidationResult(
                        "Neither null, nor the characters U+0000 and U+FFFE, nor half of a character is allowed here.",
                        [property.Name]
                    )
                );
            }
        }

        if (results.Count == 0)
        {
            return null;
        }

        return Refusal.Validation(
            results
                .SelectMany(result =>
                    result.MemberNames.Select(member =>
                        (Field: JsonNamingPolicy.CamelCase.ConvertName(member), Message: FormatMessage(result, member))
                    )
                )
                .GroupBy(error => error.Field)
                .ToDictionary(field => field.Key, field => field.Select(error => error.Message).ToArray())
        );
    }

    /// <summary>Returns null when the page size is allowed; otherwise <c>invalid_request</c>.</summary>
    public static Refusal? CheckLimit(int limit) =>
        limit is < 1 or > Limits.MaxPageSize
            ? Refusal.Invalid("invalid_request", $"limit is a number from 1 to {Limits.MaxPageSize}.")
            : null;

    // The message is displayed next to the field. The property name means nothing to a user.
    private static string FormatMessage(ValidationResult result, string member) =>
        (result.ErrorMessage ?? "Not valid.")
            .Replace($"The field {member} ", "It ", StringComparison.Ordinal)
            .Replace($"The {member} field ", "It ", StringComparison.Ordinal);

    // PostgreSQL can't store U+0000. Both databases return a lone surrogate as a different text than the one that the
    // audit chain hashed.
    internal static bool IsStorable(string? text) =>
        text is not null && !text.Contains('\0', StringComparison.Ordinal) && UnicodeText.IsWellFormed(text);
}
