using AdminConsole.Components.Controls;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Users;

/// <summary>What the users page shows. Its address says it, so that a view can be shared, gone back to and kept.</summary>
public sealed record UserView
{
    /// <summary>Every column that can be left out, in the order shown, with its title.</summary>
    public static readonly IReadOnlyList<(string Name, string Title)> AllColumns =
    [
        ("email", "E-mail address"), ("userName", "User name"), ("roles", "Roles"), ("state", "State"), ("mfa", "Second factor"),
        ("lastSignIn", "Last sign-in"), ("created", "Created"), ("updated", "Updated"), ("deactivated", "Deactivated"),
    ];

    /// <summary>How many rows a page may have.</summary>
    public static readonly IReadOnlyList<int> Sizes = [25, 50, 100];

    private static readonly string[] Sorts = ["displayName", "email", "userName", "lastSignInAt", "createdAt", "updatedAt"];

    private const string UsualColumns = "email,roles,state,lastSignIn";
    private const string UsualSort = "email";

    public string? Search { get; init; }
    public string? Role { get; init; }

    /// <summary><c>active</c>, <c>inactive</c>, or null for both.</summary>
    public string? State { get; init; }

    /// <summary>The order, as the API names it.</summary>
    public string Sort { get; init; } = UsualSort;

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    public int Size { get; init; } = Sizes[0];

    /// <summary>The names of the columns shown, with commas between them.</summary>
    public string Columns { get; init; } = UsualColumns;

    /// <summary>The view that an address's query names; what makes no sense there counts as not given.</summary>
    /// <param name="given">Looks up a parameter of the query.</param>
    /// <param name="kept">What <see cref="ToKept"/> gave the last time, for what the address doesn't say.</param>
    public static UserView Of(Func<string, string?> given, string? kept = null)
    {
        var usual = kept?.Split(' ') is [var rows, var shown] ? (Size: SizeOf(rows), Columns: Known(shown)) : (Size: null, Columns: UsualColumns);
        var size = SizeOf(given("size")) ?? usual.Size ?? Sizes[0];
        return new UserView
        {
            Search = SearchText.Of(given("search")),
            Role = SearchText.Of(given("role")),
            State = given("state") is "active" or "inactive" ? given("state") : null,
            Sort = given("sort") is { } sort && Sorts.Contains(sort.TrimStart('-')) ? sort : UsualSort,
            Page = int.TryParse(given("page"), out var number) ? Math.Clamp(number, 1, (Limits.CountedWith(given("search")) / size) + 1) : 1,
            Size = size,
            Columns = given("columns") is { } columns ? Known(columns) : usual.Columns,
        };
    }

    /// <summary>The query that names this view, without what is usual.</summary>
    public Dictionary<string, object?> ToAddress() => new()
    {
        ["search"] = Search,
        ["role"] = Role,
        ["state"] = State,
        ["sort"] = Sort == UsualSort ? null : Sort,
        ["page"] = Page == 1 ? null : Page,
        ["size"] = Size == Sizes[0] ? null : Size,
        ["columns"] = Columns == UsualColumns ? null : Columns,
    };

    /// <summary>What is kept for the next time: size and columns.</summary>
    public string ToKept() => $"{Size} {Columns}";

    public UserQuery ToQuery() => new() { Search = Search, Role = Role, Active = State switch { "active" => true, "inactive" => false, _ => null }, Sort = Sort, Skip = (Page - 1) * Size, Limit = Size };

    /// <summary>What is filtered here is filtered there.</summary>
    public string ExportUrl => "api/users/export" + QueryString.Create("bom", "true").AddGiven("search", Search).AddGiven("role", Role)
        .AddGiven("active", State switch { "active" => "true", "inactive" => "false", _ => null });

    public bool Shows(string column) => Columns.Split(',').Contains(column);

    /// <summary>Whether the same users match, in whatever order and on whatever page.</summary>
    public bool HasSameMatches(UserView other) => (Search, Role, State) == (other.Search, other.Role, other.State);

    private static int? SizeOf(string? text) => int.TryParse(text, out var size) && Sizes.Contains(size) ? size : null;

    private static string Known(string columns) => string.Join(',', AllColumns.Select(column => column.Name).Intersect(columns.Split(',')));
}
