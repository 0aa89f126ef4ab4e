"""Golden values of norms, margins, chain diagnostics and curvature: python generate.py > expected.json

Written from the definitions in the plainest form (all paths one by one, dense Hessians and Jacobians by
automatic differentiation), or by a published package: arviz.
"""
import itertools
import json
import platform
import sys

import arviz
import numpy as np
import torch

rng = np.random.default_rng(20261122)
torch.set_default_dtype(torch.float64)

# Layers of a perceptron, biases, and all paths one by one.
shapes = [(4, 3), (5, 4), (2, 5)]
layers = [rng.standard_normal(s) for s in shapes]
references = [0.3 * rng.standard_normal(s) for s in shapes]
biases = [rng.standard_normal(s[0]) for s in shapes]


def paths(power, with_biases):
    total = 0.0
    for first in range(len(layers) + 1 if with_biases else 1):
        # first = 0: from an input; first = k: from the bias of layer k.
        if first == 0:
            starts, rest = range(3), range(len(layers))
        else:
            starts, rest = range(shapes[first - 1][0]), range(first, len(layers))
        for start in starts:
            weight = 1.0 if first == 0 else abs(biases[first - 1][start]) ** power
            for units in itertools.product(*[range(shapes[k][0]) for k in rest]):
                product, here = weight, start
                for k, unit in zip(rest, units):
                    product *= abs(layers[k][unit, here]) ** power
                    here = unit
                total += product
    return total


spectral = [np.linalg.norm(w, 2) for w in layers]


def complexity(refs):
    total = sum((np.linalg.norm(w - m, axis=1).sum() / s) ** (2 / 3) for w, m, s in zip(layers, refs, spectral))
    return np.prod(spectral) * total ** 1.5


inputs = rng.standard_normal((9, 3))
logits = inputs
for k, w in enumerate(layers):
    logits = logits @ w.T
    if k + 1 < len(layers):
        logits = np.maximum(logits, 0)
labels = np.arange(9) % 2
margins = np.array([f[y] - np.delete(f, y).max() for f, y in zip(logits, labels)])
scale = complexity([0 * w for w in layers]) * np.linalg.norm(inputs) / len(inputs)

# Autoregressive chains that do not quite agree.
chains = np.zeros((3, 101))
for c in range(3):
    x = 0.0
    for t in range(101):
        x = 0.7 * x + rng.standard_normal()
        chains[c, t] = x + 0.2 * c
even = chains[:, :100]
alternating = np.array([[(-1) ** t + 0.3 * rng.standard_normal() for t in range(100)] for _ in range(2)])

# A perceptron with parameters in the order hidden.0.weight, hidden.0.bias, output.weight, output.bias.
d, h, c, n = 3, 4, 3, 6
theta = torch.tensor(rng.standard_normal(h * d + h + c * h + c))
x = torch.tensor(rng.standard_normal((n, d)).astype(np.float32).astype(float))  # examples are in Float
y = torch.tensor(np.arange(n) % c)


def outputs(theta):
    w, b, v, a = torch.split(theta, [h * d, h, c * h, c])
    return torch.tanh(x @ w.reshape(h, d).T + b) @ v.reshape(c, h).T + a


def stable_max(f):
    s = torch.where(f >= 0, f + 1, 1 / (1 - torch.clamp(f, max=0.5)))
    return -torch.log(s[torch.arange(len(f)), y] / s.sum(-1)).mean()


losses = {
    "crossEntropy": lambda f: torch.nn.functional.cross_entropy(f, y),
    "stableMax": stable_max,
    "meanSquaredError": lambda f: ((f - torch.nn.functional.one_hot(y, c)) ** 2).mean(),
}
J = torch.func.jacrev(outputs)(theta).reshape(n * c, -1)
f = outputs(theta)
p = torch.softmax(f, 1)
network = {
    "theta": theta.tolist(), "inputs": x.tolist(), "labels": y.tolist(), "logits": f.tolist(),
    "kernel": (J @ J.T).tolist(),
}
for name, loss in losses.items():
    hessian = torch.func.hessian(lambda t: loss(outputs(t)))(theta)
    # The Hessian of the loss in all outputs at once, with its 1/n.
    inner = torch.func.hessian(lambda o: loss(o.reshape(n, c)))(f.reshape(-1))
    network[name] = {
        "hessian": hessian.tolist(),
        "gaussNewton": torch.linalg.eigvalsh(J.T @ inner @ J).flip(0).tolist(),
    }
g = torch.stack([J[i * c:(i + 1) * c].T @ (p[i] - torch.nn.functional.one_hot(y[i], c)) for i in range(n)])
network["empiricalFisher"] = torch.linalg.eigvalsh(g @ g.T / n).flip(0).tolist()

json.dump({
    "versions": {"python": platform.python_version(), "numpy": np.__version__,
                 "torch": torch.__version__, "arviz": arviz.__version__},
    "layers": [w.tolist() for w in layers], "references": [w.tolist() for w in references],
    "biases": [b.tolist() for b in biases],
    "paths": {"one": paths(1, False), "two": paths(2, False) ** 0.5, "oneWithBiases": paths(1, True),
              "twoWithBiases": paths(2, True) ** 0.5},
    "spectralNorms": spectral, "complexity": complexity([0 * w for w in layers]),
    "complexityFromReferences": complexity(references),
    "inputs": inputs.tolist(), "margins": margins.tolist(), "normalizedMargins": (margins / scale).tolist(),
    "chains": {"even": even.tolist(), "alternating": alternating.tolist(),
               "rHat": float(arviz.rhat(even, method="split")), "effective": float(arviz.ess(even, method="mean")),
               "alternatingEffective": float(arviz.ess(alternating, method="mean")),
               "alternatingRHat": float(arviz.rhat(alternating, method="split"))},
    "network": network,
}, sys.stdout)
