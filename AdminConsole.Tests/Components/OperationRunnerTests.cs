using AdminConsole.Components.Layout;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using Bunit;

namespace AdminConsole.Tests.Components;

public sealed class OperationRunnerTests : ControlContext
{
    [Fact]
    public async Task A_success_shows_a_notice_and_can_be_undone()
    {
        var undone = 0;

        await RunAsync(() => default(Unit), "Ana deactivated.", () => Task.FromResult(++undone));

        Assert.Contains("Ana deactivated.", Snackbars.Markup);
        // Finds and clicks in one step, because the notice may render again at any time.
        await Snackbars.InvokeAsync(() =>
            Snackbars.FindAll("button").Single(button => button.TextContent.Contains("Undo", StringComparison.Ordinal)).ClickAsync()
        );
        Assert.Equal(1, undone);
    }

    [Fact]
    public async Task A_progress_bar_is_shown_during_a_long_operation()
    {
        var line = Render<ProgressLine>();
        var ends = new TaskCompletionSource<Result<Unit>>();

        var running = line.InvokeAsync(() => Operations.AskAsync(() => ends.Task));
        line.WaitForElement("[role=progressbar]");
        ends.SetResult(default(Unit));
        await running;

        line.WaitForState(() => line.FindAll("[role=progressbar]").Count == 0);
    }

    [Fact]
    public async Task A_refusal_shows_its_reason_and_offers_no_undo()
    {
        await RunAsync(
            () => Refusal.Conflict("last_administrator", "At least one administrator is required."),
            "Done.",
            () => Task.CompletedTask
        );

        Assert.Contains("At least one administrator is required.", Snackbars.Markup);
        Assert.DoesNotContain("Done.", Snackbars.Markup);
        Assert.DoesNotContain("Undo", Snackbars.Markup);
    }

    [Fact]
    public async Task A_bulk_operation_reports_how_many_were_skipped_and_the_first_reason()
    {
        var id = Guid.CreateVersion7();

        await Snackbars.InvokeAsync(() =>
            Operations.Report(
                "Revoked",
                new BulkResult([id, id], [new BulkRefusal(id, "not_found") { Message = "There is no such token." }])
            )
        );

        Assert.Contains("Revoked 2. 1 skipped: There is no such token.", Snackbars.Markup);
    }

    private Task RunAsync(Func<Result<Unit>> operation, string done, Func<Task> undo) =>
        Snackbars.InvokeAsync(() => Operations.TryAsync(() => Task.FromResult(operation()), done, undo));
}
