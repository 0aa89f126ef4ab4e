"""Times contestants side by side: all stay alive and take turns of a fraction of a second in random order,
so that a drift of the machine's speed meets all of them. Ratios are medians of the quotients within a round.

python duel.py mlp|evaluation|transformer|language-model|induction|resnet|resnet-imagenet|cka|singular-values|hvp|gauss-newton|eigenvalues|trace|full|probe|neighbors|silhouette|ksg-10k-4|ksg-50k-4|ksg-50k-10|log-point --threads 1 [--rounds 20] [--seconds 0.25] [--peers jax,torch]
Ours must be built: swift build -c release --package-path Benchmarks
"""
import argparse
import os
import random
import statistics
import subprocess
import sys
import time

parser = argparse.ArgumentParser()
# What there is to do: our program, the peers' script, and the peers.
works = {
    "mlp": ("step-benchmark", "mlp_step.py", "jax,torch"),
    "evaluation": ("step-benchmark", "mlp_step.py", "jax,torch"),
    "transformer": ("step-benchmark", "transformer_step.py", "torch,torch-last,jax-last"),
    "language-model": ("step-benchmark", "attention_step.py", "torch,torch-compile,jax"),
    "induction": ("step-benchmark", "attention_step.py", "torch,torch-compile,jax"),
    "resnet": ("resnet-benchmark", "resnet_step.py", "torch,torch-channels-last"),
    "resnet-imagenet": ("resnet-benchmark", "resnet_step.py", "torch,torch-channels-last"),
    "cka": ("similarity-benchmark", "similarity.py", "numpy,torch"),
    "singular-values": ("similarity-benchmark", "similarity.py", "numpy,scipy,torch"),
    "hvp": ("curvature-benchmark", "curvature.py", "torch,torch-kept,torch-func,jax"),
    "gauss-newton": ("curvature-benchmark", "curvature.py", "torch,torch-func,jax"),
    "eigenvalues": ("curvature-benchmark", "curvature.py", "torch-kept,jax"),
    "trace": ("kernel-benchmark", "tangent_kernel.py", "numpy,torch"),
    "full": ("kernel-benchmark", "tangent_kernel.py", "numpy,torch"),
    "probe": ("readout-benchmark", "readout.py", "scikit-learn"),
    "neighbors": ("readout-benchmark", "readout.py", "scikit-learn"),
    "silhouette": ("readout-benchmark", "readout.py", "scikit-learn"),
    "ksg-10k-4": ("information-benchmark", "information.py", "scikit-learn,scipy"),
    "ksg-50k-4": ("information-benchmark", "information.py", "scikit-learn,scipy"),
    "ksg-50k-10": ("information-benchmark", "information.py", "scikit-learn,scipy"),
    "log-point": ("information-benchmark", "information.py", "scikit-learn,scipy"),
}
parser.add_argument("work", choices=list(works))
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--rounds", type=int, default=20)
parser.add_argument("--seconds", type=float, default=0.25)
parser.add_argument("--peers", default="")
options = parser.parse_args()

here = os.path.dirname(os.path.abspath(__file__))
program, peer_script, peers = works[options.work]
peers = options.peers or peers
commands = {"ours": [os.path.join(here, ".build/release", program), options.work]}
for peer in filter(None, peers.split(",")):
    script = os.path.join(here, "peers", peer_script)
    commands[peer] = [sys.executable, script, "--peer", peer]
    if peer_script != "transformer_step.py":
        commands[peer] += ["--work", options.work]

contestants = {}
for name, command in commands.items():
    process = subprocess.Popen(
        command + ["--threads", str(options.threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)
    assert process.stdout.readline().strip() == "ready", name
    contestants[name] = process

rounds = []
for _ in range(options.rounds):
    times = {}
    for name in random.sample(list(contestants), len(contestants)):
        process = contestants[name]
        time.sleep(0.3)  # idle threads of the one before fall asleep
        process.stdin.write(f"go {options.seconds}\n")
        process.stdin.flush()
        steps, seconds = process.stdout.readline().split()
        times[name] = 1e3 * float(seconds) / int(steps)
    rounds.append(times)
memory = {}
for name, process in contestants.items():
    with open(f"/proc/{process.pid}/status") as status:
        memory[name] = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
    process.stdin.write("quit\n")
    process.stdin.flush()
    process.wait()

print(f"{options.work}, {options.threads} thread(s), {options.rounds} rounds of {options.seconds} s")
print(f"{'':20}{'median ms':>10}{'min ms':>10}{'peer / ours':>13}{'peak MB':>9}")
for name in contestants:
    series = [times[name] for times in rounds]
    ratio = statistics.median(times[name] / times["ours"] for times in rounds)
    print(f"{name:20}{statistics.median(series):10.3f}{min(series):10.3f}{ratio:13.2f}{memory[name]:9.0f}")
