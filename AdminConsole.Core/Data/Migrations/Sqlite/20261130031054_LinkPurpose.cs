using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminConsole.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class LinkPurpose : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Purpose",
                table: "PasswordResets",
                type: "TEXT",
                maxLength: 20,
                nullable: false,
                defaultValue: "ResetPassword");

            migrationBuilder.Sql("""
                UPDATE "PasswordResets" SET "Purpose" = CASE WHEN "IsInvitation" THEN 'Invitation' ELSE 'ForgottenPassword' END
                WHERE "IsInvitation" OR "IsSelfMade";
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Purpose",
                table: "PasswordResets");
        }
    }
}
