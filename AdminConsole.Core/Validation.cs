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
        if (Validator.TryValidateObject(request, new ValidationContext(request), results, validateAllProperties: true))
        {
            return null;
        }

        return Refusal.Validation(results
            .SelectMany(result => result.MemberNames.Select(member => (Field: JsonNamingPolicy.CamelCase.ConvertName(member), result.ErrorMessage)))
            .GroupBy(error => error.Field)
            .ToDictionary(field => field.Key, field => field.Select(error => error.ErrorMessage ?? "Not valid.").ToArray()));
    }
}
