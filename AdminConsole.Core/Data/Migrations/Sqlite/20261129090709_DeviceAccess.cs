using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminConsole.Core.Data.Migrations.Sqlite
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
                type: "TEXT",
                maxLength: 254,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "FullAccess",
                table: "DeviceRequests",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "FullAccess",
                table: "ConnectedDevices",
                type: "INTEGER",
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
