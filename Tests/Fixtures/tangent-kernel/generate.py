"""Golden values of tangent kernels and of measures on them: python generate.py > expected.json

A perceptron 5-6-4-3 (tanh, outputs times 0.5) in float64 with two sets of weights: kernels from per-example
Jacobians by torch.func, measures on them by numpy, scipy and scikit-learn.
"""
import json
import platform
import sys

import numpy as np
import scipy
import scipy.linalg
import sklearn
import torch
from sklearn.kernel_ridge import KernelRidge
from torch.func import jacrev, vmap
from torch.nn.functional import linear

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(20261122)
n, tests, outputs = 7, 3, 3
x = rng.standard_normal((n + tests, 5)).astype(np.float32).astype(np.float64)
labels = np.arange(n) % outputs
names = ["hidden.0.weight", "hidden.0.bias", "hidden.1.weight", "hidden.1.bias", "output.weight", "output.bias"]
shapes = [(6, 5), (6,), (4, 6), (4,), (3, 4), (3,)]
first = [rng.standard_normal(shape) / 2 for shape in shapes]
second = [p + 0.3 * rng.standard_normal(p.shape) for p in first]


def f(p, x):
    h = torch.tanh(linear(x, p[0], p[1]))
    h = torch.tanh(linear(h, p[2], p[3]))
    return 0.5 * linear(h, p[4], p[5])


def jacobian(parameters):
    p = tuple(torch.tensor(q) for q in parameters)
    parts = vmap(jacrev(f), (None, 0))(p, torch.tensor(x))
    return [j.flatten(2).numpy() for j in parts]  # [examples, outputs, elements]


def full(parts, rows, columns):
    j = np.concatenate(parts, 2)
    return j[rows].reshape(-1, j.shape[2]) @ j[columns].reshape(-1, j.shape[2]).T


train, test = slice(0, n), slice(n, n + tests)
parts = [jacobian(first), jacobian(second)]
kernels = [full(p, train, train) for p in parts]
traces = [np.einsum("ncmc->nm", k.reshape(n, outputs, n, outputs)) / outputs for k in kernels]


def distance(k, l):
    return 1 - np.sum(k * l) / np.linalg.norm(k) / np.linalg.norm(l)


def leading(k, count):
    values, vectors = np.linalg.eigh(k)
    return vectors[:, -count:]


H = np.eye(n) - 1 / n
Y = np.eye(outputs)[labels]
ideal = Y @ Y.T
centred = H @ traces[0] @ H
values = np.linalg.eigvalsh(traces[0])[::-1]
p = values / values.sum()
ridge = KernelRidge(alpha=0.1, kernel="precomputed").fit(traces[0], Y)
cross = full(parts[0], test, train).reshape(tests, outputs, n, outputs)
cross = np.einsum("ncmc->nm", cross) / outputs
angles = scipy.linalg.subspace_angles(leading(traces[0], 3), leading(traces[1], 3))
print(json.dumps({
    "versions": {
        "python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
        "sklearn": sklearn.__version__, "torch": torch.__version__},
    "examples": x.tolist(),
    "labels": labels.tolist(),
    "parameters": [{name: q.flatten().tolist() for name, q in zip(names, ps)} for ps in (first, second)],
    "full": kernels[0].tolist(),
    "classTrace": traces[0].tolist(),
    "firstLayer": full(parts[0][:2], train, train).tolist(),
    "cross": cross.tolist(),
    "fullDistance": distance(*kernels),
    "traceDistance": distance(*traces),
    "angles": sorted(angles.tolist()),
    "alignment": np.sum(traces[0] * ideal) / np.linalg.norm(traces[0]) / np.linalg.norm(ideal),
    "centeredAlignment": np.sum(centred * (H @ ideal @ H)) / np.linalg.norm(centred) / np.linalg.norm(H @ ideal @ H),
    "classAlignments": [float(Y[:, c] @ traces[0] @ Y[:, c] / Y[:, c].sum() / np.linalg.norm(traces[0])) for c in range(outputs)],
    "eigenvalues": values.tolist(),
    "effectiveRank": float(np.exp(-np.sum(p * np.log(p)))),
    "predictions": ridge.predict(cross).tolist(),
}, indent=1))
