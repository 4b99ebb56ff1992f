using System.Text.Json;
using System.Text.Json.Serialization;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Manages the actor's own saved filters of the audit log. They are preferences and not permissions, so
/// writing them is unaudited; reading the log through them is recorded. All methods require audit.read, and access only
/// the views of the actor.</summary>
public sealed class SavedViews(AppDbContext db, TimeProvider clock)
{
    /// <summary>The maximum number of views per user.</summary>
    public const int MaxViews = 50;

    private const int MaxQuery = 4000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Returns the actor's views, sorted by name.</summary>
    public async Task<Result<Page<SavedAuditView>>> ListAsync(Actor actor, PageQuery page, CancellationToken ct)
    {
        if (Refused(actor) is { } refused)
        {
            return refused;
        }

        var views = await db
            .SavedViews.AsNoTracking()
            .Where(view => view.UserId == actor.UserId)
            .OrderBy(view => view.NormalizedName)
            .ToListAsync(ct);
        return Paging.Page(views.ConvertAll(Shown), page, view => view.Id.ToString());
    }

    /// <summary>Saves the filters of a query as a view. Refused as <c>duplicate_name</c>, <c>too_many_views</c>,
    /// <c>invalid_request</c>, <c>validation_failed</c>.</summary>
    public Task<Result<SavedAuditView>> SaveAsync(Actor actor, SaveViewRequest request, AuditQuery query, CancellationToken ct) =>
        WriteAsync(
            actor,
            request,
            async (userId, name) =>
            {
                var json = JsonSerializer.Serialize(query with { Before = null, Limit = Limits.PageSize }, Json);
                if (json.Length > MaxQuery)
                {
                    return Refusal.Invalid("invalid_request", "These filters are too long to save.");
                }

                if (await db.SavedViews.CountAsync(view => view.UserId == userId, ct) >= MaxViews)
                {
                    return Refusal.Conflict("too_many_views", $"{MaxViews} saved views is the limit. Delete one first.");
                }

                var view = new SavedView
                {
                    Id = Guid.CreateVersion7(clock.Now()),
                    UserId = userId,
                    Name = name,
                    NormalizedName = UnicodeText.Fold(name),
                    Query = json,
                    CreatedAt = clock.Now(),
                };
                db.Add(view);
                await db.SaveChangesAsync(ct);
                return Shown(view);
            },
            ct
        );

    /// <summary>Renames a view. Refused as <c>not_found</c>, <c>duplicate_name</c>, <c>validation_failed</c>.</summary>
    public Task<Result<SavedAuditView>> RenameAsync(Actor actor, Guid id, SaveViewRequest request, CancellationToken ct) =>
        WriteAsync(
            actor,
            request,
            async (userId, name) =>
            {
                if (
                    await db.SavedViews.AsTracking().SingleOrDefaultAsync(view => view.Id == id && view.UserId == userId, ct)
                    is not { } view
                )
                {
                    return NoSuchView;
                }

                (view.Name, view.NormalizedName) = (name, UnicodeText.Fold(name));
                await db.SaveChangesAsync(ct);
                return Shown(view);
            },
            ct
        );

    /// <summary>Deletes a view. Refused as <c>not_found</c>.</summary>
    public async Task<Result<Unit>> DeleteAsync(Actor actor, Guid id, CancellationToken ct)
    {
        if (Refused(actor) is { } refused)
        {
            return refused;
        }

        var deleted = await db.WriteUnauditedAsync(
            UnauditedWrite.SavedViews,
            () => db.SavedViews.Where(view => view.Id == id && view.UserId == actor.UserId).ExecuteDeleteAsync(ct),
            ct
        );
        return deleted == 1 ? default(Unit) : NoSuchView;
    }

    private static Refusal NoSuchView => Refusal.NotFound("No such view.");

    private static Refusal? Refused(Actor actor) => actor.UserId is null ? Refusals.Unauthenticated : actor.Require(Permissions.AuditRead);

    private async Task<Result<SavedAuditView>> WriteAsync(
        Actor actor,
        SaveViewRequest request,
        Func<Guid, string, Task<Result<SavedAuditView>>> write,
        CancellationToken ct
    )
    {
        if ((Refused(actor) ?? Validation.Check(request) ?? NameText.Check("name", request.Name.Trim())) is { } refused)
        {
            return refused;
        }

        var userId = actor.UserId!.Value;
        try
        {
            return await db.WriteUnauditedAsync(
                UnauditedWrite.SavedViews,
                async () =>
                {
                    // Locks the user's row until commit, so that concurrent requests cannot exceed the limit.
                    await db.Users.Where(user => user.Id == userId).LockAsync(ct);
                    return await write(userId, UnicodeText.Compose(request.Name.Trim()));
                },
                ct
            );
        }
        catch (DbUpdateException exception) when (db.IsDuplicate(exception))
        {
            return Refusal.Conflict("duplicate_name", "You already have a view with this name.");
        }
    }

    private static SavedAuditView Shown(SavedView view) =>
        new(view.Id, view.Name, JsonSerializer.Deserialize<AuditQuery>(view.Query, Json)!);
}
