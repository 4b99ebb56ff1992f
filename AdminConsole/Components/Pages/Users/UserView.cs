using System.Globalization;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Users;

/// <summary>What the users page shows. Its address says it, so that a view can be shared, gone back to and
/// kept.</summary>
public sealed record UserView
{
    /// <summary>Every column that can be left out, in the order shown, with its title.</summary>
    public static readonly IReadOnlyList<(string Name, string Title)> AllColumns =
    [
        ("userName", "Username"),
        ("roles", "Roles"),
        ("state", "Status"),
        ("mfa", "2FA"),
        ("lastSignIn", "Last sign-in"),
        ("created", "Created"),
        ("updated", "Updated"),
        ("deactivated", "Deactivated"),
    ];

    /// <summary>The value of <see cref="SignIn"/> for users who never signed in; other values are numbers of
    /// days.</summary>
    public const string Never = "never";

    private static readonly string[] Sorts = ["displayName", "email", "userName", "lastSignInAt", "createdAt", "updatedAt"];

    private const string UsualColumns = "roles,state,mfa,lastSignIn";
    private const string UsualSort = "email";

    public string? Search { get; init; }

    public string? Role { get; init; }

    /// <summary>One of <see cref="UserStatuses"/>; null for any.</summary>
    public string? Status { get; init; }

    /// <summary><c>on</c>, <c>off</c>, or null for any.</summary>
    public string? Mfa { get; init; }

    /// <summary><see cref="Never"/>, or for how many days there was no sign-in; null for any.</summary>
    public string? SignIn { get; init; }

    /// <summary>The order, as the API names it.</summary>
    public string Sort { get; init; } = UsualSort;

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    public int Size { get; init; } = PageRequest.PageSizes[0];

    /// <summary>The names of the columns shown, with commas between them.</summary>
    public string Columns { get; init; } = UsualColumns;

    /// <summary>True where fewer than all users are shown.</summary>
    public bool IsFiltered => (Search, Role, Status, Mfa, SignIn) != default;

    /// <summary>The view that an address's query names; what makes no sense there counts as not given.</summary>
    /// <param name="given">Looks up a parameter of the query.</param>
    /// <param name="kept">What <see cref="ToKept"/> gave the last time, for what the address doesn't say.</param>
    public static UserView Of(Func<string, string?> given, string? kept = null)
    {
        var usual = kept?.Split(' ') is [var rows, var shown]
            ? (Size: SizeOf(rows), Columns: Known(shown))
            : (Size: null, Columns: UsualColumns);
        var size = SizeOf(given("size")) ?? usual.Size ?? PageRequest.PageSizes[0];
        return new UserView
        {
            Search = SearchText.Of(given("search")),
            Role = SearchText.Of(given("role")),
            Status = StatusOf(given("status"), given("state")),
            Mfa = given("mfa") is "on" or "off" ? given("mfa") : null,
            SignIn = given("signIn") is { } signIn && (signIn == Never || Days(signIn) is not null) ? signIn : null,
            Sort = given("sort") is { } sort && Sorts.Contains(sort.TrimStart('-')) ? sort : UsualSort,
            Page = int.TryParse(given("page"), out var number)
                ? Math.Clamp(number, 1, (Limits.CountedWith(given("search")) / size) + 1)
                : 1,
            Size = size,
            Columns = given("columns") is { } columns ? Known(columns) : usual.Columns,
        };
    }

    /// <summary>The query that names this view, without what is usual.</summary>
    public Dictionary<string, object?> ToAddress() =>
        new()
        {
            ["search"] = Search,
            ["role"] = Role,
            ["status"] = Status,
            ["state"] = null,
            ["mfa"] = Mfa,
            ["signIn"] = SignIn,
            ["sort"] = Sort == UsualSort ? null : Sort,
            ["page"] = Page == 1 ? null : Page,
            ["size"] = Size == PageRequest.PageSizes[0] ? null : Size,
            ["columns"] = Columns == UsualColumns ? null : Columns,
        };

    /// <summary>The same as text, with the leading ?; empty where everything is usual.</summary>
    public string ToQueryString() =>
        QueryString
            .Create(
                ToAddress()
                    .Where(part => part.Value is not null)
                    .Select(part => KeyValuePair.Create(part.Key, Convert.ToString(part.Value, CultureInfo.InvariantCulture)))
            )
            .ToUriComponent();

    /// <summary>What is kept for the next time: size and columns.</summary>
    public string ToKept() => $"{Size} {Columns}";

    public UserQuery ToQuery() =>
        new()
        {
            Search = Search,
            Role = Role,
            Status = Status,
            Mfa = Mfa is null ? null : Mfa == "on",
            NeverSignedIn = SignIn == Never ? true : null,
            InactiveDays = Days(SignIn),
            Sort = Sort,
            Skip = (Page - 1) * Size,
            Limit = Size,
        };

    /// <summary>What is filtered here is filtered there.</summary>
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
            .AddGiven("neverSignedIn", SignIn == Never ? "true" : null)
            .AddGiven("inactiveDays", SignIn == Never ? null : SignIn);

    public bool Shows(string column) => Columns.Split(',').Contains(column);

    /// <summary>Whether the same users match, in whatever order and on whatever page.</summary>
    public bool HasSameMatches(UserView other) =>
        (Search, Role, Status, Mfa, SignIn) == (other.Search, other.Role, other.Status, other.Mfa, other.SignIn);

    /// <summary>The same columns and order, from the first page, with the filters of another view.</summary>
    public UserView WithFiltersOf(UserView other) =>
        this with
        {
            Search = other.Search,
            Role = other.Role,
            Status = other.Status,
            Mfa = other.Mfa,
            SignIn = other.SignIn,
            Page = 1,
        };

    /// <summary>The same view of all users.</summary>
    public UserView WithoutFilters() => WithFiltersOf(new UserView());

    // "state" is what addresses said before there were more than two.
    private static string? StatusOf(string? status, string? state) =>
        status is not null && UserStatuses.Words.ContainsKey(status)
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
