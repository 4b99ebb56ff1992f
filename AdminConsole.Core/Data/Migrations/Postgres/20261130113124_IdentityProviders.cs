using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminConsole.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class IdentityProviders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "BreakGlass",
                table: "Users",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<Guid>(
                name: "ProviderId",
                table: "Sessions",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProviderSessionId",
                table: "Sessions",
                type: "character varying(255)",
                maxLength: 255,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "IdentityProviders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    NormalizedName = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Issuer = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    ClientId = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    ProtectedSecret = table.Column<string>(type: "text", nullable: false),
                    ClientAuthentication = table.Column<string>(type: "text", nullable: false),
                    Scopes = table.Column<string>(type: "text", nullable: false),
                    GroupsClaim = table.Column<string>(type: "text", nullable: true),
                    AllowedDomains = table.Column<string>(type: "text", nullable: false),
                    AllowedGroups = table.Column<string>(type: "text", nullable: false),
                    Admission = table.Column<string>(type: "text", nullable: false),
                    SecondFactorValues = table.Column<string>(type: "text", nullable: false),
                    RuleMode = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    UpdatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IdentityProviders", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "GroupRoleRules",
                columns: table => new
                {
                    ProviderId = table.Column<Guid>(type: "uuid", nullable: false),
                    Group = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    RoleId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GroupRoleRules", x => new { x.ProviderId, x.Group, x.RoleId });
                    table.ForeignKey(
                        name: "FK_GroupRoleRules_IdentityProviders_ProviderId",
                        column: x => x.ProviderId,
                        principalTable: "IdentityProviders",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_GroupRoleRules_Roles_RoleId",
                        column: x => x.RoleId,
                        principalTable: "Roles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Sessions_ProviderId_ProviderSessionId",
                table: "Sessions",
                columns: new[] { "ProviderId", "ProviderSessionId" },
                filter: "\"ProviderId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_GroupRoleRules_RoleId",
                table: "GroupRoleRules",
                column: "RoleId");

            migrationBuilder.CreateIndex(
                name: "IX_IdentityProviders_Issuer",
                table: "IdentityProviders",
                column: "Issuer",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_IdentityProviders_NormalizedName",
                table: "IdentityProviders",
                column: "NormalizedName",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "GroupRoleRules");

            migrationBuilder.DropTable(
                name: "IdentityProviders");

            migrationBuilder.DropIndex(
                name: "IX_Sessions_ProviderId_ProviderSessionId",
                table: "Sessions");

            migrationBuilder.DropColumn(
                name: "BreakGlass",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "ProviderId",
                table: "Sessions");

            migrationBuilder.DropColumn(
                name: "ProviderSessionId",
                table: "Sessions");
        }
    }
}
