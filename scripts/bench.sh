#!/usr/bin/env bash
# Measures the server beside yardsticks, and writes the table into docs/performance.md: bash scripts/bench.sh [rounds]
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
if ! command -v wrk >/dev/null; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq </dev/null
  $as_root apt-get install -y -qq --no-install-recommends wrk </dev/null
fi
dotnet build AdminConsole.Benchmarks -c Release -nodeReuse:false -v q </dev/null
dotnet AdminConsole.Benchmarks/bin/Release/net10.0/AdminConsole.Benchmarks.dll "$@"
