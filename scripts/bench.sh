#!/usr/bin/env bash
# Measures the server beside yardsticks, and writes the tables into docs/performance.md:
#   bash scripts/bench.sh [rounds] [row…] [--pages N] [--data FOLDER] [--users N] [--events N] [--postgres CONNECTION]
# Without rows, all of them. The large sets of data are made once, in FOLDER and in the database that CONNECTION names.
# A million users and ten million events take an hour.
# BENCH_PROGRAM names a published program to measure instead of the release build.
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
