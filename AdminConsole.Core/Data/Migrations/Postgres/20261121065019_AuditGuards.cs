using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AdminConsole.Core.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AuditGuards : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_ActorId_Id",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_TargetId_Id",
                table: "AuditEvents");

            migrationBuilder.CreateTable(
                name: "AuditCursors",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", nullable: false),
                    LastId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditCursors", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "AuditSpans",
                columns: table => new
                {
                    Block = table.Column<long>(type: "bigint", nullable: false),
                    MinAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    MaxAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditSpans", x => x.Block);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_ActorId_Id",
                table: "AuditEvents",
                columns: new[] { "ActorId", "Id" },
                filter: "\"ActorId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_BatchId_Id",
                table: "AuditEvents",
                columns: new[] { "BatchId", "Id" },
                filter: "\"BatchId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_Ip_Id",
                table: "AuditEvents",
                columns: new[] { "Ip", "Id" },
                filter: "\"Ip\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_RequestId_Id",
                table: "AuditEvents",
                columns: new[] { "RequestId", "Id" },
                filter: "\"RequestId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_SessionId_Id",
                table: "AuditEvents",
                columns: new[] { "SessionId", "Id" },
                filter: "\"SessionId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_TargetId_Id",
                table: "AuditEvents",
                columns: new[] { "TargetId", "Id" },
                filter: "\"TargetId\" IS NOT NULL");
            migrationBuilder.Sql(AuditSchema.Spans);
            migrationBuilder.Sql(AuditSchema.Postgres);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(AuditSchema.PostgresDown);
            migrationBuilder.DropTable(
                name: "AuditCursors");

            migrationBuilder.DropTable(
                name: "AuditSpans");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_ActorId_Id",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_BatchId_Id",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_Ip_Id",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_RequestId_Id",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_SessionId_Id",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_TargetId_Id",
                table: "AuditEvents");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_ActorId_Id",
                table: "AuditEvents",
                columns: new[] { "ActorId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_TargetId_Id",
                table: "AuditEvents",
                columns: new[] { "TargetId", "Id" });
        }
    }
}
