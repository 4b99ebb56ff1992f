#!/usr/bin/env bash
# Does to the real program what the suite does in small, in full, and prints what came out: bash scripts/faults.sh [FAULT…]
# Without a name all of them, which takes about an hour on two cores. ADMINCONSOLE_FAULT_KILLS, _EVENTS and _PASSWORDS say how much.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:/usr/sbin:/sbin" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export ADMINCONSOLE_FAULT_KILLS=${ADMINCONSOLE_FAULT_KILLS:-100}
export ADMINCONSOLE_FAULT_EVENTS=${ADMINCONSOLE_FAULT_EVENTS:-1000000}
export ADMINCONSOLE_FAULT_PASSWORDS=${ADMINCONSOLE_FAULT_PASSWORDS:-10000}

# Each fault's test project and tests.
declare -A tests=(
  [kill]=EndToEnd:KillTests.Killed_in_the_middle
  [disk]=EndToEnd:FullDiskTests
  [file]=EndToEnd:SqliteFaultTests
  [postgres]=EndToEnd:PostgresFaultTests
  [relay]=Tests:RelayTests.While_the_relay_is_cut
  [clock]=EndToEnd:ClockTests
  [mail]=EndToEnd:SilentMailServerTests
  [breach]=Tests:BreachTests.While_the_service_is_silent
  [passwords]=EndToEnd:BurstTests.However_many_wrong_passwords
  [connections]=EndToEnd:ConnectionFaultTests
  [bodies]=Tests:ErrorTests.More_than_a_mebibyte
  [events]=EndToEnd:BurstTests.A_burst_of_audit_events
  [fuzz]=Tests:FuzzTests
)
order=(kill disk file postgres relay clock mail breach passwords connections bodies events fuzz)

[ -n "${NO_BUILD:-}" ] || dotnet build AdminConsole.sln -nodeReuse:false -v q -clp:ErrorsOnly </dev/null
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
status=0
printf '| %-11s | %-8s | %-8s | %s\n' fault seconds outcome what
for fault in "${@:-${order[@]}}"; do
  filter=${tests[$fault]:?no such fault: $fault}
  project=AdminConsole.${filter%%:*} filter=${filter#*:}
  began=$SECONDS
  outcome=passed
  dotnet test "$project" --no-build --filter "FullyQualifiedName~$filter" --logger "trx;LogFileName=$fault.trx" \
    --results-directory "$results" >"$results/$fault.log" 2>&1 </dev/null || outcome=FAILED
  count=$(grep -o '<Counters [^>]*>' "$results/$fault.trx" 2>/dev/null \
    | sed -E 's/.* total="([0-9]+)".* passed="([0-9]+)".*/\2 of \1 tests/' || echo 'no result')
  printf '| %-11s | %-8s | %-8s | %s\n' "$fault" $((SECONDS - began)) "$outcome" "$filter: $count"
  if [ "$outcome" = FAILED ]; then
    status=1
    tail -40 "$results/$fault.log" >&2
  fi
done
exit $status
