using System.Globalization;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Endpoints.OpenApi;

/// <summary>Examples of the health of a node and of its mail queue.</summary>
internal static class SystemExamples
{
    private static readonly DateTimeOffset Then = DateTimeOffset.Parse("2026-11-20T09:30:00Z", CultureInfo.InvariantCulture);

    internal static readonly Dictionary<string, ApiExample> All = new()
    {
        ["mailFind"] = new(
            Answer: new OutboxStatus(
                "smtp.example.com:587",
                Delivers: true,
                1,
                0,
                29,
                [
                    new FailedMail(
                        new("019aa4c5-7b40-7f0a-8a55-6d0c5ce1b1d3"),
                        "invitation",
                        "ana.silva@example.com",
                        Then,
                        IsDead: false,
                        2,
                        "450 Try again later",
                        Then.AddMinutes(4)
                    ),
                ]
            )
        ),
        ["mailRetryAll"] = new(null, null, new MailsRetried(1), "fresh_sign_in_required"),
        ["mailRetry"] = new(null, null, new MailsRetried(1), "fresh_sign_in_required"),
        ["mailSendTest"] = new(
            "Sends the email immediately, bypassing the queue.",
            null,
            new TestMailSent("root@example.com"),
            "mail_failed",
            "fresh_sign_in_required"
        ),
        ["systemFind"] = new(
            "`status` is the worst status of the checks. `degraded`: the node works but needs attention. `unhealthy`: "
                + "`/health/ready` answers 503. Times, counts and `openPages` are those of this node since it started. A "
                + "value that could not be read is null.",
            Answer: new SystemStatus
            {
                Status = "degraded",
                Checks =
                [
                    new("outbox", "degraded", "3 mails wait, the oldest since 2026-11-20 08:41 UTC."),
                    new("database", "healthy", null),
                    new("disk", "healthy", null),
                    new("relay", "healthy", null),
                ],
                Node = new("console-1:1", "1.4.0", Then.AddDays(-6)),
                Database = new("PostgreSQL", 734_003_200, 0.84),
                Relay = new(Connected: true, EventsBehind: 0),
                LastEvent = new(20417, Then, "user.role_added"),
                OpenPages = 12,
                LiveSessions = 41,
                Tokens = new(1_204_331, 2_010, 0.9983),
                Hashing = new(0, 64, new(31.2, 48.9)),
                Changes = new(2.61, 19.4),
                Outbox = new(3, Then.AddMinutes(-49)),
                Disk = new(52_613_349_376, 268_435_456),
                Workers = [new("housekeeping", Then.AddMinutes(-3), null), new("outbox", Then.AddSeconds(-4), null)],
            }
        ),
    };
}
