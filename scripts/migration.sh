#!/usr/bin/env bash
# Adds a migration for both databases: bash scripts/migration.sh NAME
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore
dotnet build tools/Migrations
for provider in Sqlite Postgres; do
  dotnet ef migrations add "$1" --context "${provider}AppDbContext" --startup-project tools/Migrations \
    --project AdminConsole.Core --output-dir "Data/Migrations/$provider"
done
