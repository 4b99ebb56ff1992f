namespace AdminConsole.Core.Data;

/// <summary>User search in each database, beyond EF Core's model. Migrations run these scripts. A migration that makes
/// EF Core rebuild SQLite's Users table drops the triggers, and must run <see cref="SqliteTriggers"/> again.</summary>
public static class SearchSchema
{
    /// <summary>The triggers that update SQLite's search index. A test checks that the migrations create
    /// them.</summary>
    public static readonly IReadOnlyList<string> SqliteTriggerNames = ["UserSearchInsert", "UserSearchUpdate", "UserSearchDelete"];

    // Users who never signed in sort as 1970, so that neither database needs to be told where nulls sort.
    private const string SqliteLastSignIn = """CREATE INDEX "IX_Users_LastSignIn" ON "Users" (COALESCE("LastSignInAt", 0), "Id");""";

    private const string PostgresLastSignIn =
        """CREATE INDEX "IX_Users_LastSignIn" ON "Users" (COALESCE("LastSignInAt", TIMESTAMPTZ '1970-01-01T00:00:00Z'), "Id");""";

    private const string SqliteFirstTriggers = """
        CREATE TRIGGER "UserSearchInsert" AFTER INSERT ON "Users" BEGIN
          INSERT INTO "UserSearch" ("UserId") VALUES (NEW."Id");
          INSERT INTO "UserSearchIndex" (rowid, "Text") SELECT "Id", NEW."SearchText" FROM "UserSearch" WHERE "UserId" = NEW."Id";
        END;
        CREATE TRIGGER "UserSearchUpdate" AFTER UPDATE OF "SearchText" ON "Users" WHEN NEW."SearchText" <> OLD."SearchText" BEGIN
          INSERT INTO "UserSearchIndex" ("UserSearchIndex", rowid, "Text")
          SELECT 'delete', "Id", OLD."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
          INSERT INTO "UserSearchIndex" (rowid, "Text") SELECT "Id", NEW."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
        END;
        CREATE TRIGGER "UserSearchDelete" AFTER DELETE ON "Users" BEGIN
          INSERT INTO "UserSearchIndex" ("UserSearchIndex", rowid, "Text")
          SELECT 'delete', "Id", OLD."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
          DELETE FROM "UserSearch" WHERE "UserId" = OLD."Id";
        END;
        """;

    /// <summary>A trigram index of the search texts. It refers to a table of its own, because a rebuild of Users (or
    /// VACUUM) renumbers the rows of a table without INTEGER PRIMARY KEY. The index stores no texts, because Users has
    /// them.</summary>
    public const string Sqlite = $"""
        CREATE TABLE "UserSearch" ("Id" INTEGER NOT NULL PRIMARY KEY, "UserId" TEXT NOT NULL UNIQUE);
        CREATE VIRTUAL TABLE "UserSearchIndex" USING fts5("Text", content='', tokenize='trigram case_sensitive 1');
        {SqliteFirstTriggers}
        {SqliteLastSignIn}
        """;

    /// <summary>The current triggers that update SQLite's search index.</summary>
    public const string SqliteTriggers = """
        CREATE TRIGGER "UserSearchInsert" AFTER INSERT ON "Users" BEGIN
          INSERT INTO "UserSearch" ("UserId", "Email") VALUES (NEW."Id", NEW."NormalizedEmail");
          INSERT INTO "UserSearchIndex" (rowid, "Text") SELECT "Id", NEW."SearchText" FROM "UserSearch" WHERE "UserId" = NEW."Id";
        END;
        CREATE TRIGGER "UserSearchUpdate" AFTER UPDATE OF "SearchText" ON "Users" WHEN NEW."SearchText" <> OLD."SearchText" BEGIN
          INSERT INTO "UserSearchIndex" ("UserSearchIndex", rowid, "Text")
          SELECT 'delete', "Id", OLD."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
          INSERT INTO "UserSearchIndex" (rowid, "Text") SELECT "Id", NEW."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
          UPDATE "UserSearch" SET "Email" = NEW."NormalizedEmail" WHERE "UserId" = OLD."Id";
        END;
        CREATE TRIGGER "UserSearchDelete" AFTER DELETE ON "Users" BEGIN
          INSERT INTO "UserSearchIndex" ("UserSearchIndex", rowid, "Text")
          SELECT 'delete', "Id", OLD."SearchText" FROM "UserSearch" WHERE "UserId" = OLD."Id";
          DELETE FROM "UserSearch" WHERE "UserId" = OLD."Id";
        END;
        """;

    /// <summary>Stores the emails next to the index, so that matches are sorted by email without reading each user.
    /// This takes a third of the time.</summary>
    public const string SqliteAddresses = $"""
        ALTER TABLE "UserSearch" ADD COLUMN "Email" TEXT NOT NULL DEFAULT '';
        UPDATE "UserSearch" SET "Email" = (SELECT u."NormalizedEmail" FROM "Users" u WHERE u."Id" = "UserId");
        DROP TRIGGER "UserSearchInsert";
        DROP TRIGGER "UserSearchUpdate";
        DROP TRIGGER "UserSearchDelete";
        {SqliteTriggers}
        """;

    /// <summary>A trigram index of the search texts. pg_trgm is a trusted extension since PostgreSQL 13: every role
    /// that may create objects in the database may create it. With the finer statistics, the planner distinguishes a
    /// text that 1 in 1,000 users has from one that no user has. Without them it reads the whole table for
    /// either.</summary>
    public const string Postgres = $"""
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX "IX_Users_SearchText" ON "Users" USING gin ("SearchText" gin_trgm_ops);
        ALTER TABLE "Users" ALTER COLUMN "SearchText" SET STATISTICS 1000;
        {PostgresLastSignIn}
        """;

    // The most frequent separators in names and emails, and the letters that replace them: lowercase, because search
    // texts contain no lowercase letters.
    private const string MarksInSql = "\n .@-_+''";
    private const string MarksAsLetters = "qxzjywvk";

    private static readonly string Marks = MarksInSql.Replace("''", "'", StringComparison.Ordinal);

    /// <summary>Adds a column whose separators are replaced by letters, and indexes it. pg_trgm indexes only letters and
    /// digits: for <c>A. M</c> it would read every user who has words that begin with A and M.</summary>
    public const string PostgresLetters = $"""
        ALTER TABLE "Users" ADD COLUMN "SearchLetters" text
          GENERATED ALWAYS AS (translate("SearchText", '{MarksInSql}', '{MarksAsLetters}')) STORED;
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

    /// <summary>Translates a text for a search in that column.</summary>
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
