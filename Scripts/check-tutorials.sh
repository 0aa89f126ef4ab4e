#!/usr/bin/env bash
# Compiles and runs the Swift programs of pages, each block of ```swift as a program of its own:
#
#   Scripts/check-tutorials.sh [PAGE …]      # without pages: Docs/ComingFrom.md and Docs/Tutorials/*.md
#
# Needs a debug build (swift build --product grokking), whose modules and objects it takes: half a minute, nothing is built anew.
# A block that is only part of a program stands in another fence than ```swift.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
build=${GROK_BUILD:-.build/debug}

[ -e "$build/grokking.product/Objects.LinkFileList" ] || {
  echo "$build has no debug build of grokking; run: swift build --product grokking" >&2
  exit 1
}
if [ $# -eq 0 ]; then
  shopt -s nullglob
  set -- Docs/ComingFrom.md Docs/Tutorials/*.md
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tr -d "'\"" <"$build/grokking.product/Objects.LinkFileList" |
  grep -E '/Grok(Kernels|Numerics|Tensor|Models|Datasets|Measures|Reports|Training)\.build/' >"$work/objects"
flags=(-swift-version 6 -I "$build/Modules")
for map in Sources/Shims/*/module.modulemap Sources/Kernels/include/module.modulemap; do
  flags+=(-Xcc "-fmodule-map-file=$root/$map")
done

for page in "$@"; do
  [ -f "$page" ] || { echo "$page: no such page" >&2; exit 1; }
  # Blocks become WORK/LINE/main.swift, with the line of the page where they begin.
  rm -rf "$work/blocks"
  awk -v work="$work/blocks" '
    /^```swift$/ { folder = work "/" NR + 1; system("mkdir -p " folder); file = folder "/main.swift"; next }
    /^```$/ { if (file) close(file); file = ""; next }
    file { print > file }' "$page"
  [ -d "$work/blocks" ] || { echo "$page: has no Swift programs" >&2; exit 1; }
  count=0
  for folder in $(ls -d "$work"/blocks/* | sort -V); do
    place="$page:$(basename "$folder")"
    swiftc "${flags[@]}" "$folder/main.swift" "@$work/objects" -o "$folder/program" >"$folder/log" 2>&1 || {
      cat "$folder/log" >&2
      echo "$place: does not compile" >&2
      exit 1
    }
    (cd "$folder" && timeout 120 ./program >log 2>&1) || {
      cat "$folder/log" >&2
      echo "$place: fails" >&2
      exit 1
    }
    count=$((count + 1))
  done
  echo "$page: $count programs run"
done
