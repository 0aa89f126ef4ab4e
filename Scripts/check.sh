#!/usr/bin/env bash
# The gate that every change passes besides the tests: layout and documentation comments of all Swift
# files, and a build without warnings.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "== format and documentation comments"
swift format lint --recursive --strict --parallel Sources Tests Package.swift Benchmarks

echo "== warnings"
# Dependencies' own warnings are not ours to mend: only lines about our files count.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
touch Sources/*/*.swift Sources/*/*/*.swift
swift build --build-tests 2>&1 | tee "$log" | tail -n 1
if grep -E "^$PWD/(Sources|Tests)/.*warning:" "$log" | sort -u; then
  echo "The lines above are warnings; they count as errors." >&2
  exit 1
fi

echo "== comments of public interfaces"
Scripts/check-documentation

echo "== versions and public interfaces"
Scripts/check-interfaces

echo "== programs in the documentation"
Scripts/check-tutorials.sh

echo "== tests that the documentation names"
missing=0
for name in $(grep -ohE '`[A-Z][A-Za-z0-9]*Tests/[a-z][A-Za-z0-9]*`' Docs/*.md | tr -d '`' | sort -u); do
  grep -rqE "(struct|class|extension) ${name%%/*}\b" Tests && grep -rqE "func ${name#*/}\b" Tests || {
    echo "no test '$name'" >&2
    missing=1
  }
done
[ "$missing" -eq 0 ]

echo "== links of the documentation"
broken=0
while IFS=: read -r file target; do
  case "$target" in http*|\#*|mailto:*) continue ;; esac
  path="$(dirname "$file")/${target%%#*}"
  if [ ! -e "$path" ]; then
    echo "$file: '$target' does not exist" >&2
    broken=1
  fi
done < <(grep -oHE '\]\([^) ]+\)' README.md CONTRIBUTING.md Docs/*.md Docs/*/*.md | sed -E 's/\]\(([^)]+)\)/\1/')
[ "$broken" -eq 0 ]
echo "ok"
