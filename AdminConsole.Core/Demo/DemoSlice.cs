namespace AdminConsole.Core.Demo;

/// <summary>
/// One batch's part of the two years that the made-up history takes. Time runs as the numbers do, so that the audit log
/// is written
/// in the order of its times; and it runs slower towards now, as in a company that grows.
/// </summary>
internal sealed record DemoSlice(int Number, int Of, int AllUsers, int AllEvents, DateTimeOffset Now)
{
    private const double Growth = 1.5;
    private static readonly TimeSpan Period = TimeSpan.FromDays(730);

    public IEnumerable<int> Users => Enumerable.Range(Share(AllUsers, Number), Share(AllUsers, Number + 1) - Share(AllUsers, Number));

    public int Events => Share(AllEvents, Number + 1) - Share(AllEvents, Number);

    public DateTimeOffset From => Time(Number / (double)Of);

    public DateTimeOffset To => Time((Number + 1d) / Of);

    /// <summary>When the person with this number came.</summary>
    public DateTimeOffset TimeOf(int user) => Time((user + 0.5) / AllUsers);

    private DateTimeOffset Time(double share) => DemoHistory.Cut(Now - (Period * Math.Pow(1 - share, Growth)));

    private int Share(int all, int part) => (int)((long)all * part / Of);
}
