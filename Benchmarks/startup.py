"""Milliseconds from the start of the process to the first completed step, seen from outside: until the
checkpoint that is written right after step 1 is there. Page cache warm, generated data.

python startup.py PROGRAM [RUNS] [SETTING…]"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

program, runs, settings = sys.argv[1], int((sys.argv[2:] or ["21"])[0]), sys.argv[3:]
times, totals = [], []
for run in range(runs + 1):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "r", "checkpoints", "step-00000001.safetensors")
        start = time.perf_counter()
        process = subprocess.Popen(
            [program, "train", "--quiet", "--out", folder, "--name", "r", "train.steps=1", *settings],
            stdout=subprocess.DEVNULL)
        while not os.path.exists(path) and process.poll() is None:
            pass
        first = time.perf_counter() - start
        process.wait()
        if run > 0:  # the first warms the page cache
            times.append(1e3 * first)
            totals.append(1e3 * (time.perf_counter() - start))
for name, series in ("first step", times), ("whole process", totals):
    print(f"{name}: median {statistics.median(series):.0f} ms, {min(series):.0f} to {max(series):.0f}")
