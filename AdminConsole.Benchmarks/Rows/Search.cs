namespace AdminConsole.Benchmarks.Rows;

/// <summary>Measures searches for a part of a name or an address among very many users.</summary>
internal static class Search
{
    private const int WarmUp = 20;
    private const int Searches = 400;
    private const int Shortest = 3;
    private const int Longest = 8;

    private static readonly char[] Letters = [.. Enumerable.Range('a', 26).Select(character => (char)character)];
    private static readonly string[] Orders =
    [
        "email",
        "-email",
        "displayName",
        "-displayName",
        "createdAt",
        "-createdAt",
        "lastSignInAt",
        "-lastSignInAt",
    ];

    public static async Task<string> MeasureAsync(Plan plan)
    {
        var lines = new List<string>
        {
            $"| database | {Searches} searches among {plan.Users:N0} users: median / 95th percentile / slowest, ms | 95th "
                + "percentile of the first runs | `GET /api/auth/me`, as the minimum cost | target |",
            "|---|---|---|---|---|",
        };
        foreach (var (database, (searches, cold, floor)) in await Large.OnEachAsync(plan, MeasureAsync))
        {
            lines.Add($"| {database} | {searches.Spread()} | {cold.Share(0.95):N0} | {floor.Spread()} | ≤ 30 ms |");
        }

        lines.Add("");
        lines.Add(
            $"Each search is for {Shortest} to {Longest} characters from the name or email of a user whose name begins with two\n"
                + "random letters. It is sent as the page sends it (`GET /api/users?search=`): the first 25 users by\n"
                + "email, and the count. Searches run one after the other, each twice, because the first run reads much\n"
                + $"from disk.\n{Report.Machine}"
        );
        return string.Join('\n', lines);
    }

    private static async Task<(List<double> Searches, List<double> Cold, List<double> Floor)> MeasureAsync(Large console)
    {
        var texts = await TextsAsync(console, new Random(42));
        var (searches, cold, floor) = (new List<double>(), new List<double>(), new List<double>());
        for (var number = 0; number < texts.Count; number++)
        {
            var path = $"/api/users?limit=25&search={Uri.EscapeDataString(texts[number])}";
            var (first, search, me) = (
                await console.TimeAsync(path),
                await console.TimeAsync(path),
                await console.TimeAsync("/api/auth/me")
            );
            if (number >= WarmUp)
            {
                cold.Add(first);
                searches.Add(search);
                floor.Add(me);
            }
        }

        return (searches, cold, floor);
    }

    private static async Task<List<string>> TextsAsync(Large console, Random random)
    {
        var texts = new List<string>();
        while (texts.Count < WarmUp + Searches)
        {
            // Users whose name begins with these two characters, in each order.
            var page = await console.Http.GetFromJsonAsync<Users>(
                $"/api/users?limit=100&search={new string(random.GetItems(Letters, 2))}&sort={random.GetItems(Orders, 1)[0]}"
            );
            if (page!.Items is { Count: > 0 } people)
            {
                var user = people[random.Next(people.Count)];
                var text = random.Next(2) == 0 ? user.Email : user.DisplayName;
                var length = Math.Min(text.Length, random.Next(Shortest, Longest + 1));
                texts.Add(text.Substring(random.Next(text.Length - length + 1), length));
            }
        }

        return texts;
    }

    private sealed record Users(List<Person> Items);

    private sealed record Person(string Email, string DisplayName);
}
