#!/usr/bin/env bash
# Installs what the tests need, builds with warnings as errors, and runs them all: bash scripts/test.sh [dotnet test arguments]
# The last line says how it went: N passed, N failed.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:/usr/sbin:/sbin" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
# No process of a test runs long enough for what the runtime learns about it to pay.
export DOTNET_TieredPGO=0

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v nginx >/dev/null || missing+=(nginx-light)
command -v curl >/dev/null || missing+=(curl)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
ldconfig -p | grep -q 'libargon2\.so\.1' || missing+=(libargon2-1)
if ((${#missing[@]})); then
  echo "Installing ${missing[*]}"
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get update -qq </dev/null
  $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null
fi

dotnet build AdminConsole.sln -warnaserror -nodeReuse:false </dev/null

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
status=0
# A test that waits for ever fails after five minutes, instead of the whole run.
dotnet test AdminConsole.Tests --no-build --blame-hang-timeout 5m --blame-hang-dump-type none --logger "trx;LogFileName=results.trx" --results-directory "$results" "$@" </dev/null || status=$?

if [ ! -f "$results/results.trx" ]; then
  echo "The test run ended without results (exit code $status)." >&2
  exit 1
fi

count() { grep -o '<Counters [^>]*>' "$results/results.trx" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' || echo 0; }
total=$(count total)
passed=$(count passed)
failed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
skipped=$((total - passed - failed))
# A run that was cut short is a failure, whatever it counted.
if ((status != 0 && failed == 0)) || ((total == 0)); then failed=$((failed + 1)); fi
line="$passed passed, $failed failed"
if ((skipped > 0)); then line+=", $skipped skipped"; fi
echo "$line"
((failed == 0))
