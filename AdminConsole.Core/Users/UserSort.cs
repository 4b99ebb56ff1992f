using System.Buffers.Text;
using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using System.Text.Json;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Users;

/// <summary>A sort order for users with keyset paging, whose cost doesn't grow with the page number.</summary>
internal abstract class UserSort
{
    private static readonly Dictionary<string, UserSort> All = new(StringComparer.Ordinal)
    {
        ["email"] = new By<string>(user => user.NormalizedEmail!, NormalizedEmail, text => text, isUnique: true),
        ["userName"] = new By<string>(
            user => user.NormalizedUserName!,
            user => Normalized(user.UserName, user.UserNameConflict, user.Id),
            text => text,
            isUnique: true
        ),
        ["displayName"] = new By<string>(user => user.DisplayName, user => user.DisplayName, text => text),
        ["createdAt"] = new By<DateTimeOffset>(user => user.CreatedAt, user => Write(user.CreatedAt), Time),
        ["updatedAt"] = new By<DateTimeOffset>(user => user.UpdatedAt, user => Write(user.UpdatedAt), Time),
        ["lastSignInAt"] = new By<DateTimeOffset>(
            user => user.LastSignInAt ?? DateTimeOffset.UnixEpoch,
            user => Write(user.LastSignInAt ?? DateTimeOffset.UnixEpoch),
            Time
        ),
    };

    /// <summary>Returns the sort order with the given public name, or null if unknown. A leading - means
    /// descending.</summary>
    public static (UserSort Order, bool Descending)? Find(string? sort) =>
        sort is ['-', .. var descending]
            ? All.TryGetValue(descending, out var reversed)
                ? (reversed, true)
                : null
            : All.TryGetValue(sort ?? "email", out var order)
                ? (order, false)
                : null;

    public bool IsByAddress => this == All["email"];

    public abstract IQueryable<AppUser> Apply(IQueryable<AppUser> users, bool descending);

    /// <summary>Returns the users after the cursor, or null if the cursor is invalid.</summary>
    public abstract IQueryable<AppUser>? After(IQueryable<AppUser> users, string cursor, bool descending);

    public abstract string CursorOf(UserDetails last);

    private static string NormalizedEmail(UserDetails user) =>
        user.Email is { } email
            ? Normalized(email, user.EmailConflict, user.Id)
            : AppUser.NormalizedWithoutEmail(Normalized(user.UserName, user.UserNameConflict, user.Id), user.Id);

    private static string Normalized(string name, bool isDuplicate, Guid id) =>
        isDuplicate ? AppUser.MarkedAsDuplicate(AppUser.NormalizeLogin(name), id) : AppUser.NormalizeLogin(name);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUniversalTime();

    private static string Write(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private sealed class By<TKey>(
        Expression<Func<AppUser, TKey>> key,
        Func<UserDetails, string> write,
        Func<string, TKey> read,
        bool isUnique = false
    ) : UserSort
    {
        // Unique keys need no id to break ties, and their indexes contain none.
        public override IQueryable<AppUser> Apply(IQueryable<AppUser> users, bool descending) =>
            (isUnique, descending) switch
            {
                (true, false) => users.OrderBy(key),
                (true, true) => users.OrderByDescending(key),
                (false, false) => users.OrderBy(key).ThenBy(user => user.Id),
                (false, true) => users.OrderByDescending(key).ThenByDescending(user => user.Id),
            };

        public override string CursorOf(UserDetails last) =>
            Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new[] { write(last), last.Id.ToString() }));

        public override IQueryable<AppUser>? After(IQueryable<AppUser> users, string cursor, bool descending)
        {
            try
            {
                return
                    JsonSerializer.Deserialize<string[]>(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))) is [{ } last, { } id]
                    && !last.Contains('\0')
                    ? users.Where(Beyond(read(last), Guid.Parse(id), descending))
                    : null;
            }
            catch (Exception exception) when (exception is FormatException or JsonException)
            {
                return null;
            }
        }

        // key > last, or key = last and id > lastId; reversed when descending.
        private Expression<Func<AppUser, bool>> Beyond(TKey last, Guid lastId, bool descending)
        {
            var user = key.Parameters[0];
            // Members of an object, so that EF turns them into parameters and one query plan serves every page.
            var seen = Expression.Constant(new Seen(last, lastId));
            var (lastKey, id) = (Expression.PropertyOrField(seen, nameof(Seen.Key)), Expression.PropertyOrField(seen, nameof(Seen.Id)));
            var userId = Expression.Property(user, nameof(AppUser.Id));
            // The first condition is implied by the others, but allows an index seek.
            return Expression.Lambda<Func<AppUser, bool>>(
                Expression.AndAlso(
                    Greater(key.Body, lastKey, descending, orEqual: true),
                    Expression.OrElse(
                        Greater(key.Body, lastKey, descending),
                        Expression.AndAlso(Expression.Equal(key.Body, lastKey), Greater(userId, id, descending))
                    )
                ),
                user
            );
        }

        private static BinaryExpression Greater(Expression left, Expression right, bool descending, bool orEqual = false)
        {
            var compared = Expression.Call(left, left.Type.GetMethod(nameof(IComparable.CompareTo), [left.Type])!, right);
            var zero = Expression.Constant(0);
            return (descending, orEqual) switch
            {
                (false, false) => Expression.GreaterThan(compared, zero),
                (false, true) => Expression.GreaterThanOrEqual(compared, zero),
                (true, false) => Expression.LessThan(compared, zero),
                (true, true) => Expression.LessThanOrEqual(compared, zero),
            };
        }

        private sealed record Seen(TKey Key, Guid Id);
    }
}
