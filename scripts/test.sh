#!/usr/bin/env bash
# Installs what the tests need, checks the format, builds with warnings as errors, and runs both test projects. The last
# line is the result: N passed, N failed.
#
#   bash scripts/test.sh                 everything
#   bash scripts/test.sh --fast          without the end-to-end tests, and without building the command line's binaries
#   bash scripts/test.sh --coverage      also prints the line and branch coverage by feature folder
#   bash scripts/test.sh NAME            only tests whose full name contains this; other dotnet test arguments are passed on as they are
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:/usr/sbin:/sbin" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
# Tests start hundreds of processes and hosts, which compile most of what they run: without these two it takes a third less processor time.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

projects=(AdminConsole.Tests AdminConsole.EndToEnd) target=AdminConsole.sln properties=() arguments=() coverage=
# Made by screenshots.sh, keep-schema.sh and openapi.sh; here they would count as skipped.
filter="FullyQualifiedName!~Browser.Screenshots&FullyQualifiedName!~Upgrade.KeepDatabase"
filter+="&FullyQualifiedName!~Write_the_document"
while (($#)); do
  case "$1" in
    --fast) projects=(AdminConsole.Tests) target=AdminConsole.Tests properties=(-p:SkipCli=true) ;;
    --coverage) coverage=1 ;;
    -*) arguments+=("$@"); break ;;
    *) filter+="&FullyQualifiedName~$1" ;;
  esac
  shift
done
[[ " ${arguments[*]} " == *" --filter "* ]] || arguments+=(--filter "$filter")

missing=()
if [ "$target" = AdminConsole.sln ]; then
  command -v chromium-headless-shell >/dev/null || missing+=(chromium-headless-shell)
  command -v nginx >/dev/null || missing+=(nginx-light)
fi
command -v curl >/dev/null || missing+=(curl)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
ldconfig -p | grep -q 'libargon2\.so\.1' || missing+=(libargon2-1)
ldconfig -p | grep -q 'libicuuc\.so' || missing+=(libicu72)
if ((${#missing[@]})); then
  echo "Installing ${missing[*]}"
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get update -qq </dev/null
  $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null
fi

# The build enforces the code style. The two formatters agree, so that editors may use either.
dotnet tool restore >/dev/null </dev/null
dotnet csharpier check . </dev/null
dotnet format whitespace . --folder --verify-no-changes </dev/null

began=$SECONDS
dotnet build "$target" -warnaserror -nodeReuse:false -v q -clp:Summary "${properties[@]}" </dev/null
built=$((SECONDS - began))

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
if [ -n "$coverage" ]; then arguments+=(--collect "XPlat Code Coverage" --settings scripts/coverage.runsettings); fi

# A test that waits for ever fails after ten minutes, instead of the whole run.
run() {
  local began=$SECONDS status=0
  dotnet test "$1" --no-build --nologo --blame-hang-timeout 10m --blame-hang-dump-type none \
    --logger "trx;LogFileName=$1.trx" --results-directory "$results/$1" \
    "${arguments[@]}" </dev/null 2>&1 | sed -u "s/^/[${1#AdminConsole.}] /" || status=$?
  echo "$((SECONDS - began)) $status" >"$results/$1.ended"
}

# One after the other: side by side on two cores, each takes three times as long, because the processors switch between too many threads.
for project in "${projects[@]}"; do run "$project"; done

passed=0 failed=0 skipped=0
count() { grep -o '<Counters [^>]*>' "$2" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' || echo 0; }
echo
echo "Building took ${built} s."
for project in "${projects[@]}"; do
  read -r took status <"$results/$project.ended"
  trx="$results/$project/$project.trx"
  if [ ! -f "$trx" ]; then
    # A filter may leave a project without any test; everything else without results is a failure.
    if ((status != 0)); then
      echo "$project ended without results (exit code $status)."
      failed=$((failed + 1))
    fi
    continue
  fi
  total=$(count total "$trx") good=$(count passed "$trx")
  bad=$(($(count failed "$trx") + $(count error "$trx") + $(count timeout "$trx") + $(count aborted "$trx")))
  # A run that was cut short is a failure, whatever it counted.
  if ((status != 0 && bad == 0)); then bad=1; fi
  echo "$project took ${took} s: $good passed, $bad failed of $total."
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + (total > good + bad ? total - good - bad : 0)))
done

echo "The slowest tests:"
find "$results" -name '*.trx' -exec grep -ho '<UnitTestResult [^>]*>' {} + \
  | sed -E 's/.* testName="([^"]*)".* duration="([^"]*)".*/\2 \1/; s/^00:([0-9]+:[0-9.]{5})[0-9]*/\1/' | sort -r | head -10 || true

if [ -n "$coverage" ]; then
  # A line counts as covered when the tests of either project ran it.
  find "$results" -name coverage.cobertura.xml -exec cat {} + | awk -f scripts/coverage.awk
fi

if ((passed + failed == 0)); then failed=1; fi
line="$passed passed, $failed failed"
if ((skipped > 0)); then line+=", $skipped skipped"; fi
echo "$line"
((failed == 0))
