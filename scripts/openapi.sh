#!/usr/bin/env bash
# Writes openapi/v1.json, the description of the API as this version serves it: bash scripts/openapi.sh
set -euo pipefail
cd "$(dirname "$0")/../AdminConsole.Tests"
mkdir -p ../openapi
dotnet build -v q -nologo -p:SkipCli=true
dotnet bin/Debug/net10.0/AdminConsole.Tests.dll -explicit only -method '*.OpenApiDocumentTests.Write_the_document'
git -C .. diff --stat -- openapi
