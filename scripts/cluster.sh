#!/usr/bin/env bash
# Two nodes on one PostgreSQL, behind nginx with sticky sessions, on this machine's loopback address: to try out, and for the tests.
#
#   bash scripts/cluster.sh up           installs what is missing from Debian, publishes the program and starts everything
#   bash scripts/cluster.sh status       what runs, and what each node says of itself
#   bash scripts/cluster.sh stop a       in order, as an upgrade does; kill a: kill -9; start a: again
#   bash scripts/cluster.sh down         ends and removes everything
#
# CLUSTER_PORT is nginx's port; the nodes' and PostgreSQL's are the three after it. CLUSTER_DIR is the folder of all
# files. CLUSTER_PROGRAM names an AdminConsole.dll that was built already. It runs in development, because only a
# published program has the files of the pages. Other settings of the nodes come from the environment.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:/usr/sbin:/sbin" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

port=${CLUSTER_PORT:-5090}
dir=${CLUSTER_DIR:-${TMPDIR:-/tmp}/adminconsole-cluster}
declare -A ports=([a]=$((port + 1)) [b]=$((port + 2)) [postgres]=$((port + 3)))

fail() { echo "$*" >&2; exit 1; }
# PostgreSQL refuses to run as root, and nginx need not.
as() {
  local user=$1
  shift
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"
  else
    "$@"
  fi
}
binary() { compgen -G "/usr/lib/postgresql/*/bin/$1" | sort -V | tail -1; }
sql() { PGPASSWORD=$(cat "$dir/password") psql -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "${ports[postgres]}" "$@"; }
pid() { cat "$dir/$1.pid" 2>/dev/null || true; }
runs() { local id; id=$(pid "$1"); [ -n "$id" ] && kill -0 "$id" 2>/dev/null; }
check_node() { case "${1:-}" in a | b) ;; *) fail "Which node, a or b?" ;; esac; }

install() {
  local missing=() as_root
  command -v nginx >/dev/null || missing+=(nginx-light)
  [ -n "$(binary initdb)" ] || missing+=(postgresql)
  command -v curl >/dev/null || missing+=(curl)
  if ((${#missing[@]})); then
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    echo "Installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq </dev/null
    $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null
  fi
}

start_postgres() {
  mkdir -p "$dir/postgres"
  cp "$dir/password" "$dir/postgres/password"
  if [ "$(id -u)" = 0 ]; then chown -R postgres "$dir/postgres"; fi
  as postgres "$(binary initdb)" -D "$dir/postgres/data" -U postgres -A scram-sha-256 \
    --pwfile="$dir/postgres/password" -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  # The time-outs are those of docs/operations.md: a node that vanishes in the middle of a change must not keep its locks.
  as postgres "$(binary pg_ctl)" start -s -w -D "$dir/postgres/data" -l "$dir/postgres/log" \
    -o "-p ${ports[postgres]} -h 127.0.0.1 -c unix_socket_directories= \
    -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c idle_in_transaction_session_timeout=60s"
  sql -U postgres -c "CREATE ROLE console LOGIN PASSWORD '$(cat "$dir/password")'" -c "CREATE DATABASE console OWNER console"
}

start_node() {
  local program=${CLUSTER_PROGRAM:-$dir/program/AdminConsole.dll} environment=Production
  if [ -n "${CLUSTER_PROGRAM:-}" ]; then environment=Development; fi
  if runs "$1"; then fail "Node $1 runs already."; fi
  mkdir -p -m 700 "$dir/$1"
  (
    cd "$dir/$1"
    export ASPNETCORE_ENVIRONMENT=$environment Urls=http://127.0.0.1:${ports[$1]} PublicUrl=http://localhost:$port
    export Cookies__Secure=false Proxies__Known=127.0.0.1 DataDirectory=$dir/$1
    local address="Host=127.0.0.1;Port=${ports[postgres]};Database=console;Username=console"
    export Database__Provider=PostgreSQL ConnectionStrings__Console="$address;Password=$(cat "$dir/password")"
    export Shutdown__DrainSeconds=${CLUSTER_DRAIN:-2}
    setsid nohup dotnet "$program" >>"$dir/$1.log" 2>&1 </dev/null &
    echo $! >"$dir/$1.pid"
  )
}

await_node() {
  for _ in $(seq 600); do
    if curl -fs -o /dev/null "http://127.0.0.1:${ports[$1]}/health/ready"; then return; fi
    runs "$1" || fail "Node $1 has ended: $(tail -5 "$dir/$1.log")"
    sleep 0.1
  done
  fail "Node $1 is not ready after a minute: $dir/$1.log"
}

start_nginx() {
  mkdir -p "$dir/nginx"
  sed -e "s/@NODE_A@/127.0.0.1:${ports[a]}/; s/@NODE_B@/127.0.0.1:${ports[b]}/; s/@LISTEN@/127.0.0.1:$port/" \
    scripts/nginx-cluster.conf >"$dir/nginx/cluster.conf"
  {
    echo "pid $dir/nginx/nginx.pid; error_log $dir/nginx/error.log; worker_processes 1; events { worker_connections 4096; }"
    echo "http { log_format upstream '\$cookie_route \$upstream_addr \$request_method \$status';"
    echo "access_log $dir/nginx/access.log upstream; include $dir/nginx/cluster.conf;"
    for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $dir/nginx/$kind;"; done
    echo "}"
  } >"$dir/nginx/nginx.conf"
  if [ "$(id -u)" = 0 ]; then chown nobody "$dir/nginx"; fi
  as nobody nginx -p "$dir/nginx" -c "$dir/nginx/nginx.conf" -e "$dir/nginx/error.log"
}

up() {
  if [ -e "$dir/password" ]; then fail "It is up already, or was not taken down: bash scripts/cluster.sh down"; fi
  install
  trap '(($? == 0)) || down' EXIT
  mkdir -p "$dir"
  chmod 755 "$dir"
  (umask 077 && head -c 18 /dev/urandom | base64 | tr '+/' '-_' >"$dir/password")
  if [ -z "${CLUSTER_PROGRAM:-}" ]; then dotnet publish AdminConsole -c Release -o "$dir/program" -nodeReuse:false -v q </dev/null; fi
  start_postgres
  start_node a
  start_node b
  start_nginx
  await_node a
  await_node b
  echo "http://localhost:$port leads to node a (port ${ports[a]}) or b (${ports[b]}). Logs and mails are in $dir."
  grep -h -m 1 -o 'setup code: .*' "$dir"/[ab].log | head -1 || true
}

status() {
  local node health
  [ -e "$dir/password" ] || fail "It is not up."
  for node in a b; do
    if runs "$node"; then
      health=$(curl -s -m 5 "http://127.0.0.1:${ports[$node]}/health/ready" || echo 'does not answer')
      echo "node $node: runs (process $(pid "$node")), $health"
    else
      echo "node $node: ended"
    fi
  done
  echo "nginx: $(curl -s -m 5 "http://127.0.0.1:$port/health/ready" || echo 'does not answer')"
}

down() {
  local node
  for node in a b; do if runs "$node"; then kill -9 "$(pid "$node")"; fi; done
  if [ -e "$dir/nginx/nginx.pid" ]; then kill "$(cat "$dir/nginx/nginx.pid")" 2>/dev/null || true; fi
  if [ -e "$dir/postgres/data/postmaster.pid" ]; then
    as postgres "$(binary pg_ctl)" stop -s -m immediate -D "$dir/postgres/data" || true
  fi
  rm -rf "$dir"
}

case "${1:-}" in
  up) up ;;
  status) status ;;
  start) check_node "${2:-}"; start_node "$2"; await_node "$2" ;;
  stop) check_node "${2:-}"; kill -TERM "$(pid "$2")"; while runs "$2"; do sleep 0.1; done ;;
  kill) check_node "${2:-}"; kill -9 "$(pid "$2")" ;;
  down) down ;;
  *) fail "bash scripts/cluster.sh up | status | stop NODE | kill NODE | start NODE | down" ;;
esac
