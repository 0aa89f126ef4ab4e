#!/usr/bin/env bash
# Kills runs at random instants, resumes them until they are done, and compares what they leave with an undisturbed run:
#
#   Scripts/kill-test.sh [KILLS] [PROGRAM]
#
# KILLS is 200, PROGRAM .build/release/grokking if not given. SEED=n repeats the same instants. Kills fall anywhere in a run,
# in its first milliseconds, while a checkpoint is written, and while the report is. Some runs are first asked for fewer steps.
# Ends with 1 at the first folder that cannot be resumed, or differs.
set -euo pipefail
cd "$(dirname "$0")/.."
source Scripts/same-run.sh

kills_wanted=${1:-200}
program=$(realpath "${2:-.build/release/grokking}")
RANDOM=${SEED:-$$}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

steps=1500
settings=(data.modulus=11 model.width=16 model.perceptronWidth=32 train.threads=1 record.every=20
  checkpoint.every=50 checkpoint.keep=3 checkpoint.at=70+777 checkpoint.safetySeconds=0.05 --quiet)

milliseconds() { echo $(($(date +%s%N) / 1000000)); }
# A random time below $1 milliseconds, in seconds.
pause() {
  local microseconds=$(((RANDOM * 32768 + RANDOM) % ($1 * 1000)))
  printf '%d.%06d' $((microseconds / 1000000)) $((microseconds % 1000000))
}

begin=$(milliseconds)
"$program" train --name whole train.steps=$steps "${settings[@]}" > whole.out
duration=$(($(milliseconds) - begin))
echo "an undisturbed run takes $duration ms"

# Waits until a file that matches a pattern is there, or the program has ended.
wait_for() {
  while kill -0 "$process" 2> /dev/null; do
    if compgen -G "$1" > /dev/null; then return; fi
  done
}

declare -A kinds=([anywhere]=0 [early]=0 [checkpoint]=0 [report]=0)
kills=0 runs=0 before_the_folder=0 finished=0
while [ "$kills" -lt "$kills_wanted" ]; do
  runs=$((runs + 1))
  run=runs/run-$runs
  left=$((RANDOM % 6 + 1))    # kills of this run
  asked=$steps
  [ $((RANDOM % 4)) -ne 0 ] || asked=$((RANDOM % steps + 1))
  while true; do
    if [ ! -e "$run" ]; then
      command=("$program" train --name "run-$runs" "train.steps=$asked" "${settings[@]}")
    elif [ "$(done_steps "$run")" -eq 0 ]; then
      command=("$program" resume "$run" --quiet)
    else # it was asked for fewer
      command=("$program" resume "$run" "train.steps=$steps" --quiet)
    fi
    "${command[@]}" > out.txt 2> errors.txt &
    process=$!
    kind=none
    if [ "$left" -gt 0 ]; then
      case $((RANDOM % 8)) in
        0 | 1) kind=early && sleep "$(pause 25)" ;;
        2) kind=checkpoint && wait_for "$run/checkpoints/*.partial" ;;
        3) kind=report && wait_for "$run/report.html*" && sleep "$(pause 4)" ;;
        *) kind=anywhere && sleep "$(pause "$duration")" ;;
      esac
      kill -KILL "$process" 2> /dev/null || true
    fi
    status=0
    wait "$process" 2> /dev/null || status=$?
    case $status in
      137)
        kills=$((kills + 1)) left=$((left - 1)) kinds[$kind]=$((kinds[$kind] + 1))
        [ -e "$run" ] || before_the_folder=$((before_the_folder + 1))
        ;;
      0)
        if [ "$(done_steps "$run")" -eq "$steps" ]; then break; fi
        ;;
      *)
        echo "run $runs ended with $status: ${command[*]}" >&2
        cat errors.txt >&2
        exit 1
        ;;
    esac
  done
  finished=$((finished + 1))
  if ! same_run runs/whole "$run"; then
    echo "run $runs differs from the undisturbed one" >&2
    exit 1
  fi
  rm -rf "$run"
done

# What makers left that were killed goes when the next run is made; what had no owner yet, after a minute.
leftovers() {
  "$program" train --name "$1" train.steps=1 "${settings[@]}" > out.txt
  find runs -mindepth 1 -maxdepth 1 -name '.*' | wc -l
}
left_behind=$(leftovers last)
if [ "$left_behind" -gt 0 ]; then
  sleep 61
  left_behind=$(leftovers very-last)
fi
echo "$kills kills: ${kinds[anywhere]} anywhere, ${kinds[early]} in the first milliseconds," \
  "${kinds[checkpoint]} while a checkpoint was written, ${kinds[report]} with the report;" \
  "$before_the_folder before there was a folder"
echo "$finished runs, all resumed to the end and equal to the undisturbed one; $left_behind leftovers"
[ "$left_behind" -eq 0 ]
