using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace AdminConsole.Core;

/// <summary>Checks a contract's annotations, for every door alike.</summary>
internal static class Validation
{
    /// <summary>Null when the request is well-formed; otherwise <c>validation_failed</c> with a message for each field.</summary>
    public static Refusal? Check(object request)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(request, new ValidationContext(request), results, validateAllProperties: true);
        // PostgreSQL stores no text with U+0000 in it, so nobody may send one.
        results.AddRange(request.GetType().GetProperties()
            .Where(property => property.PropertyType == typeof(string) && property.GetValue(request) is string text && text.Contains('\0'))
            .Select(property => new ValidationResult("The character U+0000 is not allowed.", [property.Name])));
        if (results.Count == 0)
        {
            return null;
        }

        return Refusal.Validation(results
            .SelectMany(result => result.MemberNames.Select(member => (Field: JsonNamingPolicy.CamelCase.ConvertName(member), result.ErrorMessage)))
            .GroupBy(error => error.Field)
            .ToDictionary(field => field.Key, field => field.Select(error => error.ErrorMessage ?? "Not valid.").ToArray()));
    }
}
