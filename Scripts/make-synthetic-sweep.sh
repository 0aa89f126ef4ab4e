#!/usr/bin/env bash
# A sweep folder of many jobs that nobody ran: of ten, seven are done, one failed, one was killed on the way and one
# waits. For trying how long it takes to look at so many; its numbers mean nothing, but for a few hundred jobs that have the
# run folder of a real, short training.
#
#   Scripts/make-synthetic-sweep.sh PROGRAM FOLDER [JOBS=100000]
#
# PROGRAM is a built grokking; FOLDER must not exist; JOBS is a multiple of 100.
set -euo pipefail
program=$(realpath "${1:?a built grokking}")
folder=${2:?a folder that does not exist}
jobs=${3:-100000}
network=(data.modulus=7 model.width=8 model.perceptronWidth=12 train.steps=400)

start=$SECONDS
# Without Slurm's commands this makes the folder and submits nothing.
axes=(train.weightDecay=0..9 train.learningRate=1e-4..1e-2:log10 "seed=0..$((jobs / 100 - 1))")
PATH=/nonexistent "$program" sweep "${network[@]}" "${axes[@]}" --out "$folder" --slurm 2>/dev/null \
  && exit 1
[ -e "$folder/sweep.json" ]
echo "made $jobs job folders in $((SECONDS - start)) s"

"$program" train "${network[@]}" --out "$folder" --name template --quiet >/dev/null
start=$SECONDS
for ((job = 0; job < jobs; job++)); do
  kind=$((job % 10))
  [ $kind -eq 9 ] && continue # waits: nothing was written yet
  printf -v path '%s/jobs/%03d/%06d' "$folder" $((job / 1000)) "$job"
  error=null
  outcome=null
  state=done
  # A different step for each setting, with some scatter over seeds.
  step=$((100 + job / (jobs / 100) * 3 + job * 7919 % 50))
  case $kind in
    7)
      state=failed
      error='"the loss is nan at step 17; try a smaller train.learningRate"'
      ;;
    8) state=running ;; # by nobody who lives
    *)
      outcome="{\"run\": \"$path/run\", \"steps\": 400, \"trainLoss\": 0.001, \"testLoss\": 0.002, \"trainAccuracy\": 1.0,
        \"testAccuracy\": 0.99, \"fitStep\": 50, \"generalizationStep\": $step, \"delay\": $((step - 50)), \"relapses\": 0,
        \"seconds\": 1.25, \"stepsPerSecond\": 320.0, \"peakMemoryBytes\": 20000000}"
      ;;
  esac
  printf '{"state": "%s", "attempts": 1, "deaths": 0, "settings": {}, "error": %s, "outcome": %s}\n' \
    $state "$error" "$outcome" >"$path/job.json"
  if [ $((job % (jobs / 400 + 1))) -eq 0 ]; then cp -r "$folder/template" "$path/run"; fi
done
rm -rf "$folder/template"
echo "wrote their records in $((SECONDS - start)) s"
