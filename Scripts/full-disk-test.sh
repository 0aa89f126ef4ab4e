#!/usr/bin/env bash
# Trains on disks that are too small, of many sizes, so that the disk is full at different instants:
#
#   Scripts/full-disk-test.sh [PROGRAM]
#
# Each run has to end with 1 and one line, leave what it had written intact, and end up as on a large disk when there is room and
# it is resumed. Needs root, to mount small disks in memory; says so and ends with 0 elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."
source Scripts/same-run.sh

program=$(realpath "${1:-.build/release/grokking}")
work=$(mktemp -d)
mkdir "$work/disk"
if ! mount -t tmpfs -o size=64k tmpfs "$work/disk" 2> /dev/null; then
  rm -rf "$work"
  echo "skipped: small disks cannot be mounted here; that takes root"
  exit 0
fi
trap 'umount "$work/disk"; rm -rf "$work"' EXIT
cd "$work"

settings=(data.modulus=11 model.width=16 model.perceptronWidth=32 train.threads=1 train.steps=300 record.every=3
  checkpoint.every=50 --quiet)
"$program" train --out . --name whole "${settings[@]}" > whole.out

# Checkpoints and records that are there are those of the undisturbed run.
intact() {
  local file count
  for file in "$1"/checkpoints/*.safetensors; do
    if [ -e "$file" ] && [ -e "whole/checkpoints/${file##*/}" ]; then
      cmp "$file" "whole/checkpoints/${file##*/}" || return 1
    fi
  done
  count=$(wc -l < "$1/metrics.jsonl")
  cmp <(head -n "$count" "$1/metrics.jsonl" | sed -E 's/"seconds":[^,]*,//') \
    <(head -n "$count" whole/metrics.jsonl | sed -E 's/"seconds":[^,]*,//')
}

refused=0 not_made=0 fitting=0
for kilobytes in 4 8 12 16 24 40 56 72 100 140 180 220 260 300 340 380 420 440 460 480 500 520 540 560 600 640 680 720 760 800 840 880 920 1000 1200; do
  umount disk
  mount -t tmpfs -o size=${kilobytes}k tmpfs disk
  status=0
  "$program" train --out disk --name run "${settings[@]}" > out.txt 2> errors.txt || status=$?
  if [ $status -eq 0 ]; then
    fitting=$((fitting + 1))
  elif [ $status -ne 1 ] || [ "$(wc -l < errors.txt)" -ne 1 ] || ! grep -q '^error: .*: No space left on device$' errors.txt; then
    echo "on $kilobytes kB the run ended with $status:" >&2
    cat errors.txt >&2
    exit 1
  elif [ ! -e disk/run ]; then
    not_made=$((not_made + 1))
  else
    refused=$((refused + 1))
    intact disk/run || { echo "on $kilobytes kB earlier files were harmed" >&2; exit 1; }
    # Still full, it says so again, and nothing is lost.
    if "$program" resume disk/run --quiet > out.txt 2> errors.txt; then
      echo "on $kilobytes kB there was room all of a sudden" >&2
      exit 1
    fi
    intact disk/run || { echo "on $kilobytes kB earlier files were harmed by resuming" >&2; exit 1; }
    mount -o remount,size=64m disk
    "$program" resume disk/run --quiet > out.txt
    same_run whole disk/run || { echo "on $kilobytes kB the resumed run differs" >&2; exit 1; }
  fi
done
echo "$refused runs stopped by a full disk, each with one line and intact files, and equal to the undisturbed one after" \
  "resuming; $not_made had no room for a folder and left nothing; $fitting fitted"
[ $refused -gt 0 ] && [ -z "$(find disk -maxdepth 1 -name '.*.partial')" ]
