using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminConsole.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class DeviceAccess : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Email",
                table: "PasswordResets",
                type: "character varying(254)",
                maxLength: 254,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "FullAccess",
                table: "DeviceRequests",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "FullAccess",
                table: "ConnectedDevices",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.Sql(DeviceAccessSchema.Up);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Email",
                table: "PasswordResets");

            migrationBuilder.DropColumn(
                name: "FullAccess",
                table: "DeviceRequests");

            migrationBuilder.DropColumn(
                name: "FullAccess",
                table: "ConnectedDevices");
        }
    }
}
