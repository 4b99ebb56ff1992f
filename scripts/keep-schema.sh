#!/usr/bin/env bash
# Keeps what later versions are tested against: a small database of this version on SQLite and on PostgreSQL, and the
# description of its API. Run it once for each release: bash scripts/keep-schema.sh 1.0.0
set -euo pipefail
cd "$(dirname "$0")/../AdminConsole.Tests"
export KEEP_VERSION=${1:?which version is this?}
dotnet build -v q -nologo
dotnet bin/Debug/net10.0/AdminConsole.Tests.dll -explicit only -class '*.KeepDatabase'
ls -l "Upgrade/$KEEP_VERSION"
mkdir -p ../openapi/released
cp ../openapi/v1.json ../openapi/released/v1.json
