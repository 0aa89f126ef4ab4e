"""What the peers' scripts share: threads, and the protocol of duel.py.

Call setup_threads before importing numpy, torch or jax.
"""
import argparse
import os
import sys
import time


def arguments(peers=("torch", "torch-last", "jax", "jax-last"), works=()):
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer", choices=peers, required=True)
    if works:
        parser.add_argument("--work", choices=works, required=True)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def setup_threads(count, pin):
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(count)
    if pin and count < (os.cpu_count() or 1):  # jax has no other switch
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


def serve(step, steps_per_call=1, warm_up=4):
    """step() must have finished its work when it returns."""
    for _ in range(warm_up):
        step()
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        seconds = float(line.split()[-1])
        steps, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            step()
            steps += steps_per_call
        print(steps, time.perf_counter() - start, flush=True)
