#!/usr/bin/env bash
# Takes screenshots of every page at three widths in both themes, with demonstration data, in artifacts/screenshots.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v chromium-headless-shell >/dev/null; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq </dev/null
  $as_root apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-dejavu-core </dev/null
fi
dotnet build AdminConsole.EndToEnd -v q </dev/null
export SCREENSHOTS=$PWD/artifacts/screenshots
cd AdminConsole.EndToEnd
dotnet bin/Debug/net10.0/AdminConsole.EndToEnd.dll -explicit only -class AdminConsole.EndToEnd.Browser.Screenshots
