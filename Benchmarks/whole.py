"""Times whole processes side by side, from start to exit, in random order within each round: what a user waits for.

python whole.py sweep|start [--rounds 3] [--peers jax,torch-processes]
Ours must be built: swift build -c release --product grokking --static-swift-stdlib; 'sweep' reads MNIST from GROK_DATA_DIR.

sweep: 8 seeds of the perceptron 784-200-200-10, 2,000 steps of AdamW with batches of 200 each
start: from nothing to the first step of that perceptron
"""
import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
program = os.path.join(here, "..", ".build/release/grokking")
peer = [sys.executable, os.path.join(here, "peers", "whole_processes.py")]
perceptron = ["--preset", "mnist-omnigrok", "record.perDecade=0", "record.tensorBoard=false"]
seeds = [str(seed) for seed in range(8)]
works = {
    "sweep": {
        "ours": [[program, "sweep", "--quiet", *perceptron, "train.steps=2000", "record.every=2000", "seed=0..7",
                  "--workers", "2", "--out", "FOLDER"]],
        "jax": [[*peer, "sweep", "jax", *seeds]],
        "torch-processes": [[*peer, "sweep", "torch", *seeds[:4]], [*peer, "sweep", "torch", *seeds[4:]]],
    },
    "start": {
        "ours": [[program, "train", "--quiet", *perceptron, "train.steps=1", "--out", "FOLDER"]],
        "ours-generated": [[program, "train", "--quiet", "train.steps=1", "--out", "FOLDER"]],
        "jax": [[*peer, "start", "jax"]],
        "torch": [[*peer, "start", "torch"]],
    },
}
parser = argparse.ArgumentParser()
parser.add_argument("work", choices=list(works))
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--peers", default="")
options = parser.parse_args()
contestants = works[options.work]
if options.peers:
    contestants = {name: commands for name, commands in contestants.items()
                   if name.startswith("ours") or name in options.peers.split(",")}


def run(commands):
    """Seconds, processor seconds, and the largest resident memory of one of the processes in MB."""
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        processes = [subprocess.Popen([word.replace("FOLDER", os.path.join(folder, "out")) for word in command],
                                      stdout=subprocess.DEVNULL) for command in commands]
        largest = 0
        for process in processes:
            _, status, usage = os.wait4(process.pid, 0)
            assert status == 0, commands
            largest = max(largest, usage.ru_maxrss / 1024)
        seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, largest


rounds = []
for number in range(options.rounds + (options.work == "start")):
    times = {name: run(contestants[name]) for name in random.sample(list(contestants), len(contestants))}
    if options.work != "start" or number > 0:  # the first start warms the page cache
        rounds.append(times)
print(f"{options.work}, {len(rounds)} rounds of whole processes")
print(f"{'':16}{'median s':>10}{'min s':>10}{'processor s':>13}{'memory MB':>11}{'peer / ours':>13}")
for name in contestants:
    seconds, processor, memory = zip(*(times[name] for times in rounds))
    ratio = statistics.median(times[name][0] / times["ours"][0] for times in rounds)
    print(f"{name:16}{statistics.median(seconds):10.3f}{min(seconds):10.3f}{statistics.median(processor):13.2f}"
          f"{max(memory):11.0f}{ratio:13.2f}")
