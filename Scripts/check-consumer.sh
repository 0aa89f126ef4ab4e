#!/usr/bin/env bash
# Builds and runs Tests/Consumer, a package of its own that depends on this one by URL and version: a
# temporary clone of the last commit, tagged on the spot. No flag but what any user would give.
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
"$work/build/debug/consumer"
