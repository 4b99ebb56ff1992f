namespace AdminConsole.Core.Demo;

/// <summary>The part of one batch in the two years of the demo history. Numbers and times grow together, so that the
/// audit log is written in the order of its times. More users and events fall into the recent past, as in a growing
/// company.</summary>
internal sealed record DemoSlice(int Number, int Of, int AllUsers, int AllEvents, DateTimeOffset Now)
{
    private const double Growth = 1.5;
    private static readonly TimeSpan Period = TimeSpan.FromDays(730);

    public IEnumerable<int> Users => Enumerable.Range(Share(AllUsers, Number), Share(AllUsers, Number + 1) - Share(AllUsers, Number));

    public int Events => Share(AllEvents, Number + 1) - Share(AllEvents, Number);

    public DateTimeOffset From => Time(Number / (double)Of);

    public DateTimeOffset To => Time((Number + 1d) / Of);

    /// <summary>The time at which the user with this number was created.</summary>
    public DateTimeOffset TimeOf(int user) => Time((user + 0.5) / AllUsers);

    private DateTimeOffset Time(double share) => DemoHistory.Cut(Now - (Period * Math.Pow(1 - share, Growth)));

    private int Share(int all, int part) => (int)((long)all * part / Of);
}
