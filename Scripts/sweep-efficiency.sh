#!/usr/bin/env bash
# What a sweep of 24 jobs on two workers costs over the jobs themselves: 3 settings × 8 seeds of the default preset, one
# after the other with 'train' on one thread, and as a sweep. Half of the single runs come before the sweep and half
# after it, so that a machine that grows slower or faster meanwhile counts for neither. Needs two free cores.
#
#   Scripts/sweep-efficiency.sh PROGRAM [STEPS=2000]
#
# Fails where the sweep takes more than 1.05 of half the time of the single runs, or keeps its two cores less than 95 % busy.
set -euo pipefail
program=$(realpath "${1:?a built grokking, in release}")
steps=${2:-2000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
TIMEFORMAT='%R %U %S'

total=0
singles() {
  for decay in 0.3 1 3; do
    for seed in "$@"; do
      { time "$program" train train.steps="$steps" train.threads=1 train.weightDecay=$decay seed=$seed \
        --out runs --name "$decay-$seed" --quiet >/dev/null 2>&1; } 2>single
      total=$(awk -v total="$total" '{ print total + $1 }' single)
    done
  done
}

singles 0 1 2 3
{ time "$program" sweep train.steps="$steps" train.weightDecay=0.3,1,3 --repeats 8 --out sweep --workers 2 \
  --quiet >/dev/null 2>&1; } 2>whole
singles 4 5 6 7
awk -v total="$total" '{
  ratio = $1 / (total / 2)
  busy = ($2 + $3) / (2 * $1)
  printf "24 single runs: %.1f s; sweep on two workers: %.1f s, %.3f of half of that; cores busy: %.1f %%\n",
    total, $1, ratio, 100 * busy
  exit ratio > 1.05 || busy < 0.95
}' whole
