#!/usr/bin/env bash
# Builds and runs Tests/Consumer, a package of its own that depends on this one by URL and version: a
# temporary clone of the last commit, tagged on the spot. No flag but what any user would give. The files
# that it measures are made on the spot too, and what must come out is known roughly.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q --no-local . "$work/grok"
git -C "$work/grok" -c user.name=check -c user.email=check@localhost tag -f 99.0.0
cp -r Tests/Consumer "$work/consumer"
sed -i "s|https://example.org/grok.git|file://$work/grok|" "$work/consumer/Package.swift"
cd "$work/consumer"
swift build --scratch-path "$work/build" 2>&1 | tail -n 1
mkdir "$work/data"
cd "$work/data"
"$work/build/debug/consumer" --example .
"$work/build/debug/consumer" layer1.npy layer2.npy labels.npy | tee output.txt
awk '
  function within(low, high) { if ($2 < low || $2 > high) { print "unexpected: " $0; bad = 1 } }
  /capacity/ { within(0.1, 2); seen++ }
  /dimension/ { within(1.7, 2.3); seen++ }
  /alignment/ { within(0.3, 0.999); seen++ }
  END { if (seen != 5) { print "expected five numbers, found " seen + 0; bad = 1 }; exit bad }' output.txt
"$work/build/debug/consumer" layer1.npy layer2.npy layer1.npy | grep "consumer: array 'layer1': element 0 .* cannot hold exactly"
