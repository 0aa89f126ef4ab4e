#!/usr/bin/env bash
# A sweep on a real Slurm, from submission to completion: nine short trainings of which one fails and one is
# cancelled on the way, then resumed. Everything that should hold is checked.
#
#   Scripts/slurm-test.sh PROGRAM [FOLDER]
#
# PROGRAM is a built grokking. FOLDER must not exist; without one a temporary folder is used and removed. Starts a Slurm of
# its own with slurm-local.sh; exit status 77 where that cannot be.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:?a built grokking}")
folder=${2:-}
if [ -z "$folder" ]; then
  parent=$(mktemp -d)
  folder=$parent/slurm-test
fi
mkdir "$folder"
folder=$(cd "$folder" && pwd)

cleanup() {
  status=$?
  if [ -e "$folder/slurm" ]; then "$here/slurm-local.sh" stop "$folder/slurm"; fi
  if [ $status -ne 0 ] && [ $status -ne 77 ]; then
    tail -n 20 "$folder"/sweep/slurm/*/*.log "$folder"/sweep/jobs/000/*/log.txt >&2 || true
  fi
  if [ -n "${parent:-}" ]; then rm -rf "$parent"; fi
}
trap cleanup EXIT

"$here/slurm-local.sh" start "$folder/slurm"
export SLURM_CONF=$folder/slurm/slurm.conf
cd "$folder"

run() {
  echo "\$ grokking $*"
  "$program" "$@"
}
# expect WHAT WANTED FOUND
expect() {
  if [ "$2" != "$3" ]; then
    echo "FAILED: $1: expected '$2', found '$3'" >&2
    exit 1
  fi
  echo "ok: $1: $3"
}
# The states of all jobs, such as "7 done, 1 failed".
states() {
  "$program" sweep --out sweep --resume --dry-run | grep -o '[0-9]* waiting, .* failed'
}
member() { grep -o "\"$1\": *[^,}]*" "$2" | head -n 1 | sed 's/.*: *//; s/"//g'; }
wait_for_queue() {
  for _ in $(seq 600); do
    [ -z "$(squeue --noheader)" ] && return
    sleep 0.2
  done
  echo "FAILED: the queue does not become empty" >&2
  squeue >&2
  exit 1
}

network=(data.modulus=7 model.width=8 model.perceptronWidth=12 train.steps=4000 checkpoint.every=100)
# Eight rates that train, and one at which the numbers grow out of bounds.
run sweep "${network[@]}" train.learningRate=0.0005..0.0012:0.0001,1000 --out sweep \
  --slurm --partition main --time 10 --memory 100M --max-parallel 4 | tee submitted
echo "\$ squeue"
squeue
run sweep --out sweep --resume --slurm | tee again
expect "jobs in the queue are not submitted again" 0 "$(member submitted again)"

# Job 2 is task 3 of the array.
run=sweep/jobs/000/000002/run
for _ in $(seq 600); do
  [ "$(find $run/checkpoints -name '*.safetensors' 2>/dev/null | wc -l)" -ge 4 ] && break
  sleep 0.05
done
array=$(grep -o '"arrays":\[[0-9]*' submitted | grep -o '[0-9]*$')
echo "\$ scancel ${array}_3"
scancel "${array}_3"
wait_for_queue
expect "after the first array" "1 waiting, 0 running, 7 done, 1 failed" "$(states)"
expect "the cancelled run stopped with a checkpoint" stopped "$(member state $run/run.json)"
expect "the log of its task" 1 "$(grep -c '^job 2 stopped, waits' sweep/slurm/array-001/3.log)"
expect "the failed run says why" 1 \
  "$(grep -c 'try a smaller train.learningRate' sweep/jobs/000/000008/job.json)"

run sweep --out sweep --resume --slurm | tee resumed
expect "what is not done is submitted" 2 "$(member submitted resumed)"
expect "the jobs of its tasks" "2 8" "$(xargs <sweep/slurm/array-002.jobs)"
wait_for_queue
expect "after the second array" "0 waiting, 0 running, 8 done, 1 failed" "$(states)"
expect "attempts of a job that was never disturbed" 1 "$(member attempts sweep/jobs/000/000001/job.json)"
expect "attempts of the cancelled job" 2 "$(member attempts sweep/jobs/000/000002/job.json)"

# The cancelled job equals a run that was never stopped.
"$program" train "${network[@]}" train.learningRate=0.0007 --out . --name whole --quiet >/dev/null
last=checkpoints/step-00004000.safetensors
cmp "$run/$last" "whole/$last"
expect "the last checkpoint of the cancelled job" "$(sha256sum <"whole/$last")" \
  "$(sha256sum <"$run/$last")"

run report sweep
head -n 4 sweep/jobs.csv
expect "lines of the index" 10 "$(wc -l <sweep/jobs.csv)"
echo "Slurm: all well"
