#!/usr/bin/env bash
# Runs a command quietly and prints its seconds and the largest number of kilobytes that it held.
set -euo pipefail
start=$(date +%s.%N)
"$@" >/dev/null 2>&1 &
process=$!
peak=0
while line=$(grep VmHWM "/proc/$process/status" 2>/dev/null); do
  now=$(tr -dc 0-9 <<<"$line")
  if [ "${now:-0}" -gt "$peak" ]; then peak=$now; fi
  sleep 0.05
done
wait "$process"
awk -v start="$start" -v end="$(date +%s.%N)" -v peak="$peak" \
  'BEGIN { printf "%.2f %d\n", end - start, peak }'
