using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;

namespace AdminConsole.Core.Common;

/// <summary>Checks a contract's annotations, for every door alike.</summary>
internal static class Validation
{
    /// <summary>Null when the request is well-formed; otherwise <c>validation_failed </c> with a message for each
    /// field.</summary>
    public static Refusal? Check(object request)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(request, new ValidationContext(request), results, validateAllProperties: true);
        foreach (var property in request.GetType().GetProperties())
        {
            // JSON's null gets into a list of texts.
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
                        (Field: JsonNamingPolicy.CamelCase.ConvertName(member), Message: Say(result, member))
                    )
                )
                .GroupBy(error => error.Field)
                .ToDictionary(field => field.Key, field => field.Select(error => error.Message).ToArray())
        );
    }

    /// <summary>Null when so many can be on a page; otherwise <c>invalid_request</c>.</summary>
    public static Refusal? CheckLimit(int limit) =>
        limit is < 1 or > Limits.MaxPageSize
            ? Refusal.Invalid("invalid_request", $"limit is a number from 1 to {Limits.MaxPageSize}.")
            : null;

    // The message stands beside the field; its name in the program says nothing to a person.
    private static string Say(ValidationResult result, string member) =>
        (result.ErrorMessage ?? "Not valid.")
            .Replace($"The field {member} ", "It ", StringComparison.Ordinal)
            .Replace($"The {member} field ", "It ", StringComparison.Ordinal);

    // PostgreSQL stores no U+0000. Half of a surrogate pair comes back from either database as another text than the
    // one the audit chain hashed.
    internal static bool IsStorable(string? text) =>
        text is not null && !text.Contains('\0', StringComparison.Ordinal) && UnicodeText.IsWellFormed(text);
}
