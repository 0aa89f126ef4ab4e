"""Writes golden trainings of a small perceptron with schedules, groups and changed gradients, by PyTorch in float64.

    python generate.py      # versions used: see cases.json, "versions"

Schedules, groups and clipping are PyTorch's own; the filter, the orthogonal gradient, stablemax and the constant norm are
written here from their papers.
"""

import json
import os
import platform

import torch
from torch.nn import functional

os.chdir(os.path.dirname(os.path.abspath(__file__)))
torch.set_num_threads(1)
torch.manual_seed(405)
torch.set_default_dtype(torch.float64)
STEPS, WIDTHS = 10, [6, 8, 3]

inputs = torch.randn(20, 6, dtype=torch.float32).double()
labels = torch.randint(0, 3, (20,))
initial = {}
for layer, fan_in, fan_out in [("hidden.0", 6, 8), ("output", 8, 3)]:
    initial[layer + ".weight"] = torch.randn(fan_out, fan_in) * 0.8
    initial[layer + ".bias"] = torch.randn(fan_out) * 0.3


def outputs(weights):
    hidden = torch.tanh(functional.linear(inputs, weights["hidden.0.weight"], weights["hidden.0.bias"]))
    return functional.linear(hidden, weights["output.weight"], weights["output.bias"])


def stable_max(x):
    s = torch.where(x >= 0, x + 1, 1 / (1 - x))
    return -torch.log(s[torch.arange(len(x)), labels] / s.sum(-1)).mean()


def train(make, schedule=None, before=None, after=None, loss=functional.cross_entropy):
    weights = {name: value.clone().requires_grad_() for name, value in initial.items()}
    update = make(weights)
    schedule = schedule(update) if schedule else None
    losses = []
    for step in range(STEPS):
        value = loss(outputs(weights), labels) if loss is functional.cross_entropy else loss(outputs(weights))
        update.zero_grad()
        value.backward()
        losses.append(value.item())
        if before:
            before(weights, step)
        update.step()
        if after:
            after(weights)
        if schedule:
            schedule.step()
    return dict(losses=losses, weights={name: value.detach().flatten().tolist() for name, value in weights.items()})


sgd = lambda weights: torch.optim.SGD(weights.values(), lr=0.3, momentum=0.9)
adam_w = lambda weights: torch.optim.AdamW(weights.values(), lr=0.02, betas=(0.9, 0.98), weight_decay=1.0)


def groups(weights):
    of = lambda test: [value for name, value in weights.items() if test(name)]
    return torch.optim.AdamW(
        [
            dict(params=of(lambda n: n == "hidden.0.weight")),
            dict(params=of(lambda n: n == "hidden.0.bias"), weight_decay=0.0),
            dict(params=of(lambda n: n.startswith("output")), lr=0.2, weight_decay=0.5),
        ], lr=0.02, betas=(0.9, 0.98), weight_decay=1.0)


slow = {}


def filtered(weights, step):
    for name, value in weights.items():
        slow[name] = value.grad.clone() if step == 0 else 0.9 * slow[name] + 0.1 * value.grad
        value.grad += 3.0 * slow[name]


def orthogonal(weights, step):
    for value in weights.values():
        w, g = value.detach().flatten(), value.grad.flatten()
        left = g - (torch.dot(w, g) / torch.dot(w, w)) * w
        value.grad = (left * g.norm() / left.norm()).view_as(value)


norm = torch.cat([value.flatten() for value in initial.values()]).norm()


def kept(weights):
    with torch.no_grad():
        now = torch.cat([value.flatten() for value in weights.values()]).norm()
        for value in weights.values():
            value *= norm / now


schedulers = torch.optim.lr_scheduler
cases = {
    "cosine": train(sgd, lambda u: schedulers.CosineAnnealingLR(u, T_max=10)),
    "linear": train(sgd, lambda u: schedulers.LinearLR(u, start_factor=1.0, end_factor=0.25, total_iters=8)),
    "stepwise": train(sgd, lambda u: schedulers.StepLR(u, step_size=3, gamma=0.5)),
    "clipped": train(
        sgd, before=lambda w, step: torch.nn.utils.clip_grad_norm_(w.values(), max_norm=0.2)),
    "groups": train(groups),
    "filtered": train(adam_w, before=filtered),
    "orthogonal": train(adam_w, before=orthogonal),
    "keptNorm": train(sgd, after=kept),
    "stableMax": train(sgd, loss=stable_max),
}
with open("cases.json", "w") as file:
    json.dump(
        dict(
            versions=dict(python=platform.python_version(), torch=torch.__version__), widths=WIDTHS,
            inputs=inputs.flatten().tolist(), labels=labels.tolist(),
            initial={name: value.flatten().tolist() for name, value in initial.items()}, cases=cases), file, indent=1)
    file.write("\n")
