#!/usr/bin/env bash
# Keeps a small database of this version, on SQLite and on PostgreSQL, for the test that later versions can read it. Run it once for each release, on a build of
# that release: bash scripts/keep-schema.sh 1.0.0
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?which version is this?}
to=AdminConsole.Tests/Upgrade/$version
program=$PWD/AdminConsole/bin/Debug/net10.0/AdminConsole.dll
postgres=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort | tail -1)
port=${KEEP_SCHEMA_PORT:-56290}
work=$(mktemp -d)
as_postgres=()
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work" && install -d -o postgres "$work/pg"
  as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  (cd / && "${as_postgres[@]}" "$postgres/pg_ctl" stop -m immediate -D "$work/pg/data" >/dev/null 2>&1) || true
  rm -rf "$work"
}
trap cleanup EXIT

# What people do in a few days: an administrator, a role, users in every state, a token, a device, a link that waits in the outbox.
fill() {
  local url=http://127.0.0.1:$port jar=$1/jar
  post() { curl -sfS -b "$jar" -c "$jar" -H "Origin: $url" -X POST ${2:+-H 'Content-Type: application/json' -d "$2"} "$url$1"; echo; }
  until curl -sf "$url/health/ready" >/dev/null; do sleep 0.2; done
  {
    post /api/auth/setup '{"email":"admin@example.com","password":"correct horse battery 1"}'
    post /api/roles '{"name":"Helpdesk","description":"Unlocks people","permissions":["users.read","users.write"]}'
    post /api/users '{"email":"helper@example.com","displayName":"Hélène Pfad","roles":["Helpdesk"],"password":"correct horse battery 1"}'
    post /api/users '{"email":"invited@example.com","invite":true}'
    id=$(post /api/users '{"email":"gone@example.com"}' | grep -o '"id":"[^"]*"' | head -1 | cut -d'"' -f4)
    post "/api/users/$id/deactivate" '{"reason":"left"}'
    post /api/tokens '{"name":"nightly","scopes":["users.read"]}'
    code=$(post /api/auth/cli-code | grep -o '"code":"[^"]*"' | cut -d'"' -f4)
    curl -sfS "$url/oauth/token" -d grant_type=urn:adminconsole:grant-type:cli-code -d "code=$code" -d client_id=adminctl -d device_name=laptop
    post /api/auth/forgot-password '{"email":"helper@example.com"}'
  } >/dev/null
}

# on FOLDER SETTING…: runs the server there until it was filled.
on() {
  local folder=$1
  shift
  mkdir -p "$folder"
  env -C "$folder" ASPNETCORE_ENVIRONMENT=Development "Urls=http://127.0.0.1:$port" "DataDirectory=$folder" Passwords__BreachService= Mail__Host=127.0.0.1 Mail__Port=9 Mail__Security=None Mail__From=console@example.com "$@" \
    dotnet "$program" >"$folder/log" 2>&1 &
  server=$!
  fill "$folder"
  kill "$server"
  wait "$server" || true
  server=
}

mkdir -p "$to"
on "$work/sqlite"
dotnet "$program" backup "$work/console.db" --DataDirectory="$work/sqlite" --environment=Development >/dev/null
gzip -9nc "$work/console.db" >"$to/console.db.gz"

(
  cd /
  "${as_postgres[@]}" "$postgres/initdb" -D "$work/pg/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  "${as_postgres[@]}" "$postgres/pg_ctl" start -w -D "$work/pg/data" -l "$work/pg/log" -o "-p $((port + 1)) -h 127.0.0.1 -c unix_socket_directories=" >/dev/null
)
on "$work/postgres" Database__Provider=PostgreSQL "ConnectionStrings__Console=Host=127.0.0.1;Port=$((port + 1));Username=postgres;Database=postgres"
# Without the guard of newer dumps, which an older psql does not know.
"$postgres/pg_dump" -h 127.0.0.1 -p $((port + 1)) -U postgres --no-owner postgres | grep -vE '^\\(un)?restrict ' | gzip -9nc >"$to/console.sql.gz"
ls -l "$to"
