#!/usr/bin/env bash
# Installs the programs that tests compare with, where they are missing and can be had: a browser, PDF and SVG
# tools, Slurm, and a Python with the readers of our files. Tests whose peer is missing are skipped with a message, so
# nothing here is fatal.
#
#   Scripts/install-test-peers.sh [folder of the Python environment]
#
# Prints the path of the Python as its last line, for GROK_PYTHON.
set -uo pipefail
environment=${1:-"${XDG_CACHE_HOME:-$HOME/.cache}/grok-test-python"}

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  missing=()
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
  command -v rsvg-convert >/dev/null || missing+=(librsvg2-bin)
  command -v chromium >/dev/null || missing+=(chromium)
  command -v sbatch >/dev/null || missing+=(slurm-wlm)
  command -v munged >/dev/null || [ -x /usr/sbin/munged ] || missing+=(munge)
  if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing ${missing[*]} with apt-get" >&2
    apt-get update -qq >&2
    for package in "${missing[@]}"; do
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" \
        >/dev/null 2>&1 || echo "$package cannot be installed here; its tests are skipped" >&2
    done
  fi
fi

python="$environment/bin/python"
modules="import numpy, safetensors, tensorboard"
if ! "$python" -c "$modules" 2>/dev/null; then
  echo "Installing numpy, safetensors and tensorboard into $environment" >&2
  python3 -m venv "$environment" >&2 \
    && "$python" -m pip install -q --disable-pip-version-check numpy safetensors tensorboard >&2 \
    || echo "no Python peers here; their tests are skipped" >&2
fi
if "$python" -c "$modules" 2>/dev/null; then echo "$python"; fi
