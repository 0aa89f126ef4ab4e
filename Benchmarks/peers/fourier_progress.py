"""The Fourier analysis of a checkpoint written straight down, in torch with float64 and vectors over pairs: what
`progress-benchmark fourier` takes, but for the pass over the pairs.

python fourier_progress.py [--threads 2] [--modulus 113] [--repeats 3]
"""
import argparse
import time

import numpy as np
import torch

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--modulus", type=int, default=113)
parser.add_argument("--repeats", type=int, default=3)
options = parser.parse_args()
torch.set_num_threads(options.threads)
p, key = options.modulus, [14, 35, 41, 42, 52]
torch.manual_seed(0)
logits = torch.randn(p * p, p, dtype=torch.float64)
neurons = torch.randn(p * p, 512, dtype=torch.float32).relu()
output_weights = torch.randn(p, 512, dtype=torch.float64)
answers = (torch.arange(p)[:, None] + torch.arange(p)[None, :]).remainder(p).flatten()
train = torch.randperm(p * p)[: 3 * p * p // 10]
n = torch.arange(p, dtype=torch.float64)
rows = [torch.ones(p, dtype=torch.float64)]
for k in range(1, p // 2 + 1):
    rows += [torch.cos(2 * np.pi * k * n / p), torch.sin(2 * np.pi * k * n / p)]
basis = torch.stack([row / row.norm() for row in rows])


def directions(k):
    c, s = basis[2 * k - 1], basis[2 * k]
    return [
        ((torch.outer(c, c) - torch.outer(s, s)) / 2**0.5).flatten(),
        ((torch.outer(s, c) + torch.outer(c, s)) / 2**0.5).flatten(),
    ]


def transformed(f, x):
    return torch.einsum("jb,ibn->ijn", f, torch.einsum("ia,abn->ibn", f, x))


def losses(x):
    each = -torch.log_softmax(x, 1).gather(1, answers[:, None])[:, 0]
    return each.mean().item(), each[train].mean().item()


def projection(k):
    return sum(torch.outer(d, d @ logits) for d in directions(k))


def analysis():
    kept = sum(projection(k) for k in key)
    result = [losses(logits), losses(kept + logits.mean(0)), losses(logits - kept)]
    a, b = torch.arange(p)[:, None, None], torch.arange(p)[None, :, None]
    c = torch.arange(p)[None, None, :]
    for k in range(1, p // 2 + 1):
        part = projection(k)
        result += [losses(logits - part), (part**2).sum()]
        cube = torch.cos(2 * np.pi * k / p * ((a + b - c) % p)).double().reshape(p * p, p)
        cube /= cube.norm()
        result.append(losses(logits - (cube * logits).sum() * cube))
    grid = neurons.double().reshape(p, p, -1)
    grid = grid - grid.mean((0, 1))
    spectrum = transformed(basis, grid) ** 2
    blocks = [spectrum[np.ix_([0, 2 * k - 1, 2 * k], [0, 2 * k - 1, 2 * k])].sum((0, 1)) for k in range(1, p // 2 + 1)]
    result.append((torch.stack(blocks) / spectrum.sum((0, 1))).max(0))
    spectrum = transformed(basis, logits.reshape(p, p, p))
    kept = torch.zeros_like(spectrum)
    for k in key:
        index = np.ix_([0, 2 * k - 1, 2 * k], [0, 2 * k - 1, 2 * k])
        kept[index] = spectrum[index]
    result.append(losses(transformed(basis.T, kept).reshape(p * p, p)))
    for k in key:
        for d, row in zip(directions(k), (2 * k - 1, 2 * k)):
            said = neurons.double() @ (basis[row] @ output_weights)
            said = said - said.mean()
            result.append(((d @ said) ** 2 / (said**2).sum()).item())
    return result


times = []
for _ in range(options.repeats):
    start = time.perf_counter()
    analysis()
    times.append(time.perf_counter() - start)
print(f"torch, {options.threads} threads: least {min(times):.2f} s of {options.repeats}")
