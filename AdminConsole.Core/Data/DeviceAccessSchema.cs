namespace AdminConsole.Core.Data;

/// <summary>Data of earlier versions for the migration DeviceAccess, in SQL that both databases take.</summary>
internal static class DeviceAccessSchema
{
    // The list of every permission at that time, as it was stored where a device had asked for no scope. A list that a
    // device asked for is a limit and stays one.
    private const string AllScopes =
        """'["users.read","users.write","users.credentials","roles.read","roles.assign","roles.write","sessions.read","sessions.end","tokens.read","tokens.revoke","tokens.rotate","audit.read","audit.export","settings.write","profile.read"]'""";

    public const string Up = $"""
        UPDATE "ConnectedDevices" SET "FullAccess" = TRUE WHERE "Scopes" = {AllScopes};
        UPDATE "DeviceRequests" SET "FullAccess" = TRUE WHERE "Scopes" = {AllScopes};
        UPDATE "PasswordResets" SET "Email" = (SELECT "Email" FROM "Users" WHERE "Users"."Id" = "PasswordResets"."UserId");
        """;
}
