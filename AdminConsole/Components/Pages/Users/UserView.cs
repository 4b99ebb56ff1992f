using System.Globalization;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Users;

/// <summary>The state of the users page. The URL contains it, so that a view can be shared, bookmarked and returned
/// to.</summary>
public sealed record UserView
{
    /// <summary>The optional columns with their titles, in display order.</summary>
    public static readonly IReadOnlyList<(string Name, string Title)> AllColumns =
    [
        ("userName", "Username"),
        ("roles", "Roles"),
        ("state", "Status"),
        ("mfa", "2FA"),
        ("source", "Source"),
        ("lastSignIn", "Last sign-in"),
        ("created", "Created"),
        ("updated", "Updated"),
        ("deactivated", "Deactivated"),
    ];

    /// <summary>The value of <see cref="SignIn"/> for users who never signed in; other values are numbers of
    /// days.</summary>
    public const string Never = "never";

    private static readonly string[] Sorts = ["displayName", "email", "userName", "lastSignInAt", "createdAt", "updatedAt"];

    private const string DefaultColumns = "roles,state,mfa,lastSignIn";
    private const string DefaultSort = "email";

    public string? Search { get; init; }

    public string? Role { get; init; }

    /// <summary>One of <see cref="UserStatuses"/>; null for any.</summary>
    public string? Status { get; init; }

    /// <summary><c>on</c>, <c>off</c>, or null for any.</summary>
    public string? Mfa { get; init; }

    /// <summary><see cref="UserSources.Local"/>, or the name of an identity provider; null for any.</summary>
    public string? Source { get; init; }

    /// <summary><see cref="Never"/>, or the number of days without a sign-in; null for any.</summary>
    public string? SignIn { get; init; }

    /// <summary>The sort order, by its API name.</summary>
    public string Sort { get; init; } = DefaultSort;

    /// <summary>The number of the page, from 1.</summary>
    public int Page { get; init; } = 1;

    public int Size { get; init; } = PageRequest.PageSizes[0];

    /// <summary>The names of the shown columns, separated by commas.</summary>
    public string Columns { get; init; } = DefaultColumns;

    /// <summary>True if filters are active.</summary>
    public bool IsFiltered => (Search, Role, Status, Mfa, Source, SignIn) != default;

    /// <summary>Parses the view from the query parameters of a URL. Invalid values are ignored.</summary>
    /// <param name="given">Returns a query parameter by its name; null if it is missing.</param>
    /// <param name="kept">The last result of <see cref="ToKept"/>, for parameters that the URL lacks.</param>
    public static UserView Of(Func<string, string?> given, string? kept = null)
    {
        var defaults = kept?.Split(' ') is [var rows, var shown]
            ? (Size: SizeOf(rows), Columns: Known(shown))
            : (Size: null, Columns: DefaultColumns);
        var size = SizeOf(given("size")) ?? defaults.Size ?? PageRequest.PageSizes[0];
        return new UserView
        {
            Search = SearchText.Of(given("search")),
            Role = SearchText.Of(given("role")),
            Status = StatusOf(given("status"), given("state")),
            Mfa = given("mfa") is "on" or "off" ? given("mfa") : null,
            Source = SearchText.Of(given("source")),
            SignIn = given("signIn") is { } signIn && (signIn == Never || Days(signIn) is not null) ? signIn : null,
            Sort = given("sort") is { } sort && Sorts.Contains(sort.TrimStart('-')) ? sort : DefaultSort,
            Page = int.TryParse(given("page"), out var number)
                ? Math.Clamp(number, 1, (Limits.CountLimitFor(given("search")) / size) + 1)
                : 1,
            Size = size,
            Columns = given("columns") is { } columns ? Known(columns) : defaults.Columns,
        };
    }

    /// <summary>Returns the query parameters of the view; null for each default value.</summary>
    public Dictionary<string, object?> ToAddress() =>
        new()
        {
            ["search"] = Search,
            ["role"] = Role,
            ["status"] = Status,
            ["state"] = null,
            ["mfa"] = Mfa,
            ["source"] = Source,
            ["signIn"] = SignIn,
            ["sort"] = Sort == DefaultSort ? null : Sort,
            ["page"] = Page == 1 ? null : Page,
            ["size"] = Size == PageRequest.PageSizes[0] ? null : Size,
            ["columns"] = Columns == DefaultColumns ? null : Columns,
        };

    /// <summary>Returns the query string with the leading ?; empty for the default view.</summary>
    public string ToQueryString() =>
        QueryString
            .Create(
                ToAddress()
                    .Where(part => part.Value is not null)
                    .Select(part => KeyValuePair.Create(part.Key, Convert.ToString(part.Value, CultureInfo.InvariantCulture)))
            )
            .ToUriComponent();

    /// <summary>Returns the preferences that the browser stores: page size and columns.</summary>
    public string ToKept() => $"{Size} {Columns}";

    public UserQuery ToQuery() =>
        new()
        {
            Search = Search,
            Role = Role,
            Status = Status,
            Mfa = Mfa is null ? null : Mfa == "on",
            Source = Source,
            NeverSignedIn = SignIn == Never ? true : null,
            InactiveDays = Days(SignIn),
            Sort = Sort,
            Skip = (Page - 1) * Size,
            Limit = Size,
        };

    /// <summary>The URL of the export, with the same filters.</summary>
    public string ExportUrl =>
        "api/users/export"
        + QueryString
            .Create("bom", "true")
            .AddGiven("search", Search)
            .AddGiven("role", Role)
            .AddGiven("status", Status)
            .AddGiven(
                "mfa",
                Mfa is null ? null
                    : Mfa == "on" ? "true"
                    : "false"
            )
            .AddGiven("source", Source)
            .AddGiven("neverSignedIn", SignIn == Never ? "true" : null)
            .AddGiven("inactiveDays", SignIn == Never ? null : SignIn);

    public bool Shows(string column) => Columns.Split(',').Contains(column);

    /// <summary>True if the same users match, regardless of the sort order and the page.</summary>
    public bool HasSameMatches(UserView other) =>
        (Search, Role, Status, Mfa, Source, SignIn) == (other.Search, other.Role, other.Status, other.Mfa, other.Source, other.SignIn);

    /// <summary>Returns a view with the filters of another view, on its first page. Columns and sort order
    /// stay.</summary>
    public UserView WithFiltersOf(UserView other) =>
        this with
        {
            Search = other.Search,
            Role = other.Role,
            Status = other.Status,
            Mfa = other.Mfa,
            Source = other.Source,
            SignIn = other.SignIn,
            Page = 1,
        };

    /// <summary>Returns the view without filters.</summary>
    public UserView WithoutFilters() => WithFiltersOf(new UserView());

    // Older URLs use "state", which had only two values.
    private static string? StatusOf(string? status, string? state) =>
        status is not null && UserStatuses.DisplayNames.ContainsKey(status)
            ? status
            : state switch
            {
                "active" => UserStatuses.Active,
                "inactive" => UserStatuses.Deactivated,
                _ => null,
            };

    private static int? Days(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and <= Limits.InactiveDays
            ? days
            : null;

    private static int? SizeOf(string? text) => int.TryParse(text, out var size) && PageRequest.PageSizes.Contains(size) ? size : null;

    private static string Known(string columns) => string.Join(',', AllColumns.Select(column => column.Name).Intersect(columns.Split(',')));
}
