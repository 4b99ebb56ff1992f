using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminConsole.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class UserSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Users_CreatedAt",
                table: "Users");

            migrationBuilder.CreateIndex(
                name: "IX_Users_CreatedAt_Id",
                table: "Users",
                columns: new[] { "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Users_DisplayName_Id",
                table: "Users",
                columns: new[] { "DisplayName", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Users_Inactive",
                table: "Users",
                column: "Active",
                filter: "NOT \"Active\"");

            migrationBuilder.CreateIndex(
                name: "IX_Users_UpdatedAt_Id",
                table: "Users",
                columns: new[] { "UpdatedAt", "Id" });

            migrationBuilder.Sql(SearchSchema.Sqlite);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SearchSchema.SqliteDown);

            migrationBuilder.DropIndex(
                name: "IX_Users_CreatedAt_Id",
                table: "Users");

            migrationBuilder.DropIndex(
                name: "IX_Users_DisplayName_Id",
                table: "Users");

            migrationBuilder.DropIndex(
                name: "IX_Users_Inactive",
                table: "Users");

            migrationBuilder.DropIndex(
                name: "IX_Users_UpdatedAt_Id",
                table: "Users");

            migrationBuilder.CreateIndex(
                name: "IX_Users_CreatedAt",
                table: "Users",
                column: "CreatedAt");
        }
    }
}
