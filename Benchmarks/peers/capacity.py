"""Mean-field manifold capacity the way it is usually computed in Python, beside ours, on the same clouds.

python capacity.py [--case 10x50x512x300|47x190x128x200|PxMxNxDRAWS] [--radius 1] [--restarts 10]
                   [--probes N]  solve only N probes per manifold and scale their time up
Ours must be built: swift build -c release --package-path Benchmarks --product capacity-benchmark

The peer follows the published method step by step: for K = 1, 2, … directions of the centres by conjugate
gradients on the Stiefel manifold (pymanopt 0.2.5 with autograd), ten restarts each; then one quadratic
program per probe (cvxopt, tolerances 1e-12). One thread, seconds of processor time.
"""
import os

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
import argparse
import json
import subprocess
import tempfile
import time

import autograd.numpy as anp
import cvxopt
import numpy as np
from pymanopt import Problem
from pymanopt.manifolds import Stiefel
from pymanopt.solvers import ConjugateGradient

parser = argparse.ArgumentParser()
parser.add_argument("--case", default="10x50x512x300")
parser.add_argument("--radius", type=float, default=1)
parser.add_argument("--restarts", type=int, default=10)
parser.add_argument("--probes", type=int)
options = parser.parse_args()
classes, points, features, draws = map(int, options.case.split("x"))
rng = np.random.default_rng(0)
cvxopt.solvers.options.update(show_progress=False, maxiters=1000, abstol=1e-12, reltol=1e-12, feastol=1e-12)


def clouds():
    centers = rng.normal(size=(classes, features)) + 0.5 * rng.normal(size=(classes, 3)) @ rng.normal(size=(3, features))
    noise = rng.normal(size=(classes, points, features))
    return ((centers[:, None] + options.radius * noise) / np.sqrt(features)).astype(np.float32)


def residual_cosines(x, v):
    left = x - x @ v @ v.T
    left = left / np.linalg.norm(left, axis=1, keepdims=True)
    return left @ left.T


def shared_directions(centers):
    around = centers - centers.mean(axis=0)
    basis = np.linalg.svd(around, full_matrices=False)
    x = around @ basis[2][: classes - 1].T
    explained = np.cumsum(basis[1] ** 2) / np.sum(basis[1] ** 2)
    largest = min(int(np.max(np.flatnonzero(explained < 0.95), initial=0)) + 11, classes - 2)
    gram = x @ x.T

    def cost(v):
        c = anp.dot(x, v)
        g = gram - anp.dot(c, c.T)
        d = anp.sqrt(anp.diag(g))
        return 0.5 * anp.sum((g / anp.outer(d, d)) ** 2)

    best, columns, curve = None, np.zeros((classes - 1, 0)), []
    for k in range(1, largest + 1):
        stability = -1
        for _ in range(options.restarts):
            start = np.linalg.qr(np.hstack([columns, x.T @ rng.normal(size=(classes, 1))]))[0]
            problem = Problem(Stiefel(classes - 1, k), cost, verbosity=0)
            v = ConjugateGradient().solve(problem, x=start)
            left = np.min(np.linalg.norm(x - x @ v @ v.T, axis=1) / np.linalg.norm(x, axis=1))
            if left > stability:
                stability, best = left, v
        columns = best
        cosines = np.abs(residual_cosines(x, best))
        curve.append(((cosines.sum() - classes) / (classes * (classes - 1)), best))
        last = [c for c, _ in curve[-4:]]
        if k > 4 and last[0] < last[1] < last[2] < last[3]:
            break
    return basis[2][: classes - 1].T @ min(curve, key=lambda pair: pair[0])[1]


def squared_distance(points, probe):
    """Half-squared distance to the vectors that no point makes a positive product with."""
    size = len(probe)
    solution = cvxopt.solvers.qp(
        cvxopt.matrix(np.eye(size)), cvxopt.matrix(-probe), cvxopt.matrix(points), cvxopt.matrix(np.zeros(len(points))))
    return np.sum((np.array(solution["x"]).ravel() - probe) ** 2)


def inverse_capacity(cloud, count):
    center = cloud.mean(axis=0)
    around = (cloud - center) / np.linalg.norm(center)
    if around.shape[1] > len(around):
        around = around @ np.linalg.qr(around.T)[0]
    extended = np.hstack([around, np.ones((len(around), 1))])
    total = 0
    for _ in range(count):
        probe = rng.normal(size=extended.shape[1])
        if np.max(extended @ probe) > 0:
            total += squared_distance(extended, probe)
    return total / count


data = clouds()
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "clouds.npz")
    np.savez(path, activations=data.reshape(-1, features), labels=np.repeat(np.arange(classes), points))
    here = os.path.dirname(os.path.abspath(__file__))
    program = os.path.join(here, "../.build/release/capacity-benchmark")
    ours = {}
    for rule in ("default", "reference"):
        command = [program, path, "--draws", str(draws)] + ["--reference"] * (rule == "reference")
        ours[rule] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

start = time.process_time()
clouds64 = data.astype(float) - data.reshape(-1, features).mean(axis=0)
directions = shared_directions(clouds64.mean(axis=1))
between = time.process_time()
clouds64 = clouds64 - clouds64 @ directions @ directions.T
solved = options.probes or draws
inverse = np.mean([inverse_capacity(cloud, solved) for cloud in clouds64])
programs = (time.process_time() - between) * draws / solved
seconds = between - start + programs
print(f"{options.case}, radius {options.radius}: processor seconds, capacity, K")
for rule, found in ours.items():
    print(f"ours, {rule} K: {found['cpuSeconds']:.4f}  {found['capacity']:.4f}  {found['rank']}")
print(f"peer {seconds:.2f} ({between - start:.2f} centres, {programs:.2f} programs)  {1 / inverse:.4f}  {directions.shape[1]}")
print("peer / ours", *(round(seconds / found["cpuSeconds"]) for found in ours.values()))
