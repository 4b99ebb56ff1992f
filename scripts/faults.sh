#!/usr/bin/env bash
# Does to the real program what the suite does in small, in full, and prints what came out: bash scripts/faults.sh [FAULT…]
# Without a name all of them, which takes about an hour on two cores. ADMINCONSOLE_FAULT_KILLS, _EVENTS and _PASSWORDS say how much.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:/usr/sbin:/sbin" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export ADMINCONSOLE_FAULT_KILLS=${ADMINCONSOLE_FAULT_KILLS:-100}
export ADMINCONSOLE_FAULT_EVENTS=${ADMINCONSOLE_FAULT_EVENTS:-1000000}
export ADMINCONSOLE_FAULT_PASSWORDS=${ADMINCONSOLE_FAULT_PASSWORDS:-10000}

declare -A tests=(
  [kill]=KillTests.Killed_in_the_middle
  [disk]=FullDiskTests
  [file]=SqliteFaultTests
  [postgres]=PostgresFaultTests
  [relay]=RelayTests.While_the_relay_is_cut
  [clock]=ClockTests
  [mail]=SilentMailServerTests
  [breach]=BreachTests.While_the_service_is_silent
  [passwords]=BurstTests.However_many_wrong_passwords
  [connections]=ConnectionFaultTests
  [bodies]=ErrorTests.More_than_a_mebibyte
  [events]=BurstTests.A_burst_of_audit_events
  [fuzz]=FuzzTests
)
order=(kill disk file postgres relay clock mail breach passwords connections bodies events fuzz)

[ -n "${NO_BUILD:-}" ] || dotnet build AdminConsole.Tests -nodeReuse:false -v q -clp:ErrorsOnly </dev/null
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
status=0
printf '| %-11s | %-8s | %-8s | %s\n' fault seconds outcome what
for fault in "${@:-${order[@]}}"; do
  filter=${tests[$fault]:?no such fault: $fault}
  began=$SECONDS
  outcome=passed
  dotnet test AdminConsole.Tests --no-build --filter "FullyQualifiedName~$filter" --logger "trx;LogFileName=$fault.trx" --results-directory "$results" >"$results/$fault.log" 2>&1 </dev/null || outcome=FAILED
  count=$(grep -o '<Counters [^>]*>' "$results/$fault.trx" 2>/dev/null | sed -E 's/.* total="([0-9]+)".* passed="([0-9]+)".*/\2 of \1 tests/' || echo 'no result')
  printf '| %-11s | %-8s | %-8s | %s\n' "$fault" $((SECONDS - began)) "$outcome" "$filter: $count"
  if [ "$outcome" = FAILED ]; then
    status=1
    tail -40 "$results/$fault.log" >&2
  fi
done
exit $status
