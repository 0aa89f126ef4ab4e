# Compares two run folders; to be sourced.
#
# same_run A B: whether both hold the same files; checkpoints, figures and settings byte by byte; records, events, outcome
# and the rest of run.json but for times, paths and memory. Says what differs.
# done_steps RUN: how many steps a run has done that says it is done; 0 for others.

same_run() {
  local differences=0
  if ! diff <(run_files "$1") <(run_files "$2"); then
    echo "$2 has other files than $1" >&2
    return 1
  fi
  local name
  while read -r name; do
    case $name in
      *.safetensors | *.svg | *.yaml) cmp "$1/$name" "$2/$name" || differences=1 ;;
      metrics.jsonl)
        cmp <(sed -E 's/"seconds":[^,]*,//' "$1/$name") <(sed -E 's/"seconds":[^,]*,//' "$2/$name") ||
          differences=1
        ;;
      run.json) diff <(timeless_description "$1/$name") <(timeless_description "$2/$name") || differences=1 ;;
      events.out.tfevents.*) cmp <(timeless_events "$1/$name") <(timeless_events "$2/$name") || differences=1 ;;
    esac
  done < <(run_files "$1")
  return $differences
}

done_steps() {
  if grep -q '"state": "done"' "$1/run.json"; then
    sed -nE 's/^    "steps": ([0-9]+),?$/\1/p' "$1/run.json" | tail -n 1
  else
    echo 0
  fi
}

# What was cut off on the way differs.
run_files() {
  (cd "$1" && find . -type f ! -name metrics.tail.jsonl ! -name events.tail | sed 's|^\./||' | LC_ALL=C sort)
}

timeless_description() {
  grep -vE '^    "(run|seconds|stepsPerSecond|peakMemoryBytes)":' "$1"
}

# Events without their framing and wall_time: a record is a length of 8 bytes, a checksum of 4, the event, a checksum of 4; an
# event begins with the tag 0x09 and the 8 bytes of its wall_time.
timeless_events() {
  perl -e '
    local $/; binmode STDIN; binmode STDOUT;
    my $file = <STDIN>; my $at = 0;
    while ($at + 12 <= length $file) {
      my $count = unpack("Q<", substr($file, $at, 8));
      my $event = substr($file, $at + 12, $count);
      die "unfinished event\n" if length $event < $count;
      die "an event without a time\n" if substr($event, 0, 1) ne "\x09";
      print substr($event, 9);
      $at += 16 + $count;
    }' < "$1"
}
