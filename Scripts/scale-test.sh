#!/usr/bin/env bash
# How a sweep of 100,000 jobs is made, looked at, indexed and reported: seconds and memory of each, and the limits that they
# keep: 10 s for looking at all jobs, 500 MB, a thousand entries in a folder.
#
#   Scripts/scale-test.sh PROGRAM [JOBS=100000]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:?a built grokking, in release}")
jobs=${2:-100000}
parent=$(mktemp -d)
trap 'rm -rf "$parent"' EXIT
folder=$parent/sweep

"$here/make-synthetic-sweep.sh" "$program" "$folder" "$jobs"
# measure WHAT SECONDS COMMAND...: the limit is in seconds.
measure() {
  local what=$1 limit=$2 seconds kilobytes
  shift 2
  read -r seconds kilobytes < <("$here/time-memory.sh" "$@")
  echo "$what: $seconds s, $((kilobytes / 1000)) MB"
  if [ "${seconds%.*}" -ge "$limit" ] || [ "$kilobytes" -ge 500000 ]; then
    echo "FAILED: the limits are $limit s and 500 MB" >&2
    exit 1
  fi
}
measure "looking at all jobs (--resume --dry-run)" 10 "$program" sweep --out "$folder" --resume --dry-run
measure "index and report" 60 "$program" report "$folder"
largest=$(find "$folder" -type d -printf '%h\n' | sort | uniq -c | sort -n | tail -n 1 | awk '{print $1}')
echo "most entries of a folder: $largest; bytes of jobs.csv: $(stat -c %s "$folder/jobs.csv"), of report.html: $(stat -c %s "$folder/report.html")"
[ "$largest" -le 1001 ]
[ "$(wc -l <"$folder/jobs.csv")" -eq $((jobs + 1)) ]
