namespace AdminConsole.Core.Data;

/// <summary>
/// What searching among users needs in each database beyond what EF Core's model says. Migrations run these texts. A
/// migration
/// that makes EF rebuild SQLite's Users table loses the triggers, and has to run <see cref="SqliteTriggers"/> again.
/// </summary>
public static class SearchSchema
{
    /// <summary>The triggers that keep SQLite's index current; a test looks for each after migrating.</summary>
    public static readonly IReadOnlyList<string> SqliteTriggerNames = ["UserSearchInsert", "UserSearchUpdate", "UserSearchDelete"];

    // A user never signed in sorts as the epoch: neither database then has to be told where its nulls go.
    private const string SqliteLastSignIn = """CREATE INDEX "IX_Users_LastSignIn" ON "Users" (COALESCE("LastSignInAt", 0), "Id");""";

    private const string PostgresLastSignIn =
        """CREATE INDEX "IX_Users_LastSignIn" ON "Users" (COALESCE("LastSignInAt", TIMESTAMPTZ '1970-01-01T00:00:00Z'), "Id");""";

    private const string SqliteFirstTriggers = """
        CREATE TRIGGER "UserSearchInsert" AFTER INSERT ON "Users" BEGIN
          INSERT INTO "UserSearch" ("UserId") VALUES (NEW."Id");
          INSERT INTO "UserSearchIndex" (rowid, "Text") SELECT "Id", NEW."SearchText" FROM "UserSearch" WHERE "UserId" = NEW."Id";
        END;
        CREATE TRIGGER "UserSearchUpdate" AFTER UPDATE OF "SearchText" ON "Users" WHEN NEW."SearchText" <> OLD."SearchText" BEGIN
          INSERT INTO "UserSearchIndex" ("UserSearchIndex", rowid, "Text") SELECT 'delete', "Id", OLD."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
          INSERT INTO "UserSearchIndex" (rowid, "Text") SELECT "Id", NEW."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
        END;
        CREATE TRIGGER "UserSearchDelete" AFTER DELETE ON "Users" BEGIN
          INSERT INTO "UserSearchIndex" ("UserSearchIndex", rowid, "Text") SELECT 'delete', "Id", OLD."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
          DELETE FROM "UserSearch" WHERE "UserId" = OLD."Id";
        END;
        """;

    /// <summary>
    /// An index of every three letters in a row. It hangs on a table of its own, because a rebuild of Users (or VACUUM)
    /// renumbers
    /// the rows of a table without INTEGER PRIMARY KEY. The index keeps no texts: Users has them.
    /// </summary>
    public const string Sqlite = $"""
        CREATE TABLE "UserSearch" ("Id" INTEGER NOT NULL PRIMARY KEY, "UserId" TEXT NOT NULL UNIQUE);
        CREATE VIRTUAL TABLE "UserSearchIndex" USING fts5("Text", content='', tokenize='trigram case_sensitive 1');
        {SqliteFirstTriggers}
        {SqliteLastSignIn}
        """;

    /// <summary>What keeps SQLite's index current, as it is now.</summary>
    public const string SqliteTriggers = """
        CREATE TRIGGER "UserSearchInsert" AFTER INSERT ON "Users" BEGIN
          INSERT INTO "UserSearch" ("UserId", "Email") VALUES (NEW."Id", NEW."NormalizedEmail");
          INSERT INTO "UserSearchIndex" (rowid, "Text") SELECT "Id", NEW."SearchText" FROM "UserSearch" WHERE "UserId" = NEW."Id";
        END;
        CREATE TRIGGER "UserSearchUpdate" AFTER UPDATE OF "SearchText" ON "Users" WHEN NEW."SearchText" <> OLD."SearchText" BEGIN
          INSERT INTO "UserSearchIndex" ("UserSearchIndex", rowid, "Text") SELECT 'delete', "Id", OLD."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
          INSERT INTO "UserSearchIndex" (rowid, "Text") SELECT "Id", NEW."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
          UPDATE "UserSearch" SET "Email" = NEW."NormalizedEmail" WHERE "UserId" = OLD."Id";
        END;
        CREATE TRIGGER "UserSearchDelete" AFTER DELETE ON "Users" BEGIN
          INSERT INTO "UserSearchIndex" ("UserSearchIndex", rowid, "Text") SELECT 'delete', "Id", OLD."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
          DELETE FROM "UserSearch" WHERE "UserId" = OLD."Id";
        END;
        """;

    /// <summary>Puts the addresses beside the index, so that what is found is sorted by them without a look at each
    /// user: a third of the time.</summary>
    public const string SqliteAddresses = $"""
        ALTER TABLE "UserSearch" ADD COLUMN "Email" TEXT NOT NULL DEFAULT '';
        UPDATE "UserSearch" SET "Email" = (SELECT u."NormalizedEmail" FROM "Users" u WHERE u."Id" = "UserId");
        DROP TRIGGER "UserSearchInsert";
        DROP TRIGGER "UserSearchUpdate";
        DROP TRIGGER "UserSearchDelete";
        {SqliteTriggers}
        """;

    /// <summary>
    /// pg_trgm is a trusted extension since PostgreSQL 13: every role that may create in the database may create it.
    /// The finer statistics
    /// tell the planner a text that 1 in 1,000 users has from one that nobody has; without, it reads the whole table
    /// for either.
    /// </summary>
    public const string Postgres = $"""
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX "IX_Users_SearchText" ON "Users" USING gin ("SearchText" gin_trgm_ops);
        ALTER TABLE "Users" ALTER COLUMN "SearchText" SET STATISTICS 1000;
        {PostgresLastSignIn}
        """;

    // The commonest of names and addresses, and what stands for each: lower case, which the texts that are searched
    // have not.
    private const string MarksInSql = "\n .@-_+''";
    private const string MarksAsLetters = "qxzjywvk";

    private static readonly string Marks = MarksInSql.Replace("''", "'", StringComparison.Ordinal);

    /// <summary>
    /// pg_trgm knows letters only: for <c>A. M</c> it would look at everybody who has an A and an M that begin a word.
    /// So the column
    /// that it indexes has letters for the marks.
    /// </summary>
    public const string PostgresLetters = $"""
        ALTER TABLE "Users" ADD COLUMN "SearchLetters" text GENERATED ALWAYS AS (translate("SearchText", '{MarksInSql}', '{MarksAsLetters}')) STORED;
        ALTER TABLE "Users" ALTER COLUMN "SearchLetters" SET STATISTICS 1000;
        ALTER TABLE "Users" ALTER COLUMN "SearchText" SET STATISTICS -1;
        DROP INDEX "IX_Users_SearchText";
        CREATE INDEX "IX_Users_SearchLetters" ON "Users" USING gin ("SearchLetters" gin_trgm_ops);
        """;

    public const string PostgresLettersDown = """
        DROP INDEX "IX_Users_SearchLetters";
        ALTER TABLE "Users" DROP COLUMN "SearchLetters";
        ALTER TABLE "Users" ALTER COLUMN "SearchText" SET STATISTICS 1000;
        CREATE INDEX "IX_Users_SearchText" ON "Users" USING gin ("SearchText" gin_trgm_ops);
        """;

    /// <summary>A text to look for in that column.</summary>
    public static string ToLetters(string text) =>
        string.Create(
            text.Length,
            text,
            static (letters, from) =>
            {
                for (var index = 0; index < from.Length; index++)
                {
                    letters[index] = Marks.IndexOf(from[index], StringComparison.Ordinal) is >= 0 and var mark
                        ? MarksAsLetters[mark]
                        : from[index];
                }
            }
        );

    public const string SqliteDown = """
        DROP INDEX "IX_Users_LastSignIn";
        DROP TRIGGER "UserSearchInsert";
        DROP TRIGGER "UserSearchUpdate";
        DROP TRIGGER "UserSearchDelete";
        DROP TABLE "UserSearchIndex";
        DROP TABLE "UserSearch";
        """;

    public const string SqliteAddressesDown = $"""
        DROP TRIGGER "UserSearchInsert";
        DROP TRIGGER "UserSearchUpdate";
        DROP TRIGGER "UserSearchDelete";
        ALTER TABLE "UserSearch" DROP COLUMN "Email";
        {SqliteFirstTriggers}
        """;

    public const string PostgresDown = """
        DROP INDEX "IX_Users_LastSignIn";
        DROP INDEX "IX_Users_SearchText";
        """;
}
