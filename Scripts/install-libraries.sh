#!/usr/bin/env bash
# Installs the system libraries that the package links, where they are missing.
set -euo pipefail

headers=(cblas.h lapacke.h zlib.h)
packages=(libopenblas-dev liblapacke-dev zlib1g-dev)
missing=()
for index in "${!headers[@]}"; do
  found=$(find /usr/include /usr/local/include -name "${headers[$index]}" -print -quit 2>/dev/null || true)
  [ -n "$found" ] || missing+=("${packages[$index]}")
done
# SwiftPM asks pkg-config where a library's description lies.
command -v pkg-config >/dev/null || missing+=(pkg-config)

if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "Please install these libraries (Debian names): ${missing[*]}" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo)
fi
echo "Installing ${missing[*]} with apt-get${as_root:+ (sudo may ask for your password)}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
