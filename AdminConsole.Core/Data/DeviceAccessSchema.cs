namespace AdminConsole.Core.Data;

/// <summary>Migrates data of earlier versions for the migration Upgrade, in SQL that both databases accept.</summary>
internal static class DeviceAccessSchema
{
    // Every permission of that time, as stored for a device that had requested no scope. A list that a device requested
    // is a limit, and remains one.
    private const string AllScopes =
        "'[\"users.read\",\"users.write\",\"users.credentials\",\"roles.read\",\"roles.assign\",\"roles.write\","
        + "\"sessions.read\",\"sessions.end\",\"tokens.read\",\"tokens.revoke\",\"tokens.rotate\","
        + "\"audit.read\",\"audit.export\",\"settings.write\",\"profile.read\"]'";

    public const string Up = $"""
        UPDATE "ConnectedDevices" SET "FullAccess" = TRUE WHERE "Scopes" = {AllScopes};
        UPDATE "DeviceRequests" SET "FullAccess" = TRUE WHERE "Scopes" = {AllScopes};
        UPDATE "PasswordResets" SET "Email" = (SELECT "Email" FROM "Users" WHERE "Users"."Id" = "PasswordResets"."UserId");
        """;
}
