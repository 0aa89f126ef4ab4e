"""Writes what torchvision's networks compute: names of their state, logits, and ten steps of training.

    python generate.py      # versions used: see networks.json, "versions"

Numbers come from a formula that the tests repeat, because the weights would take 45 MB: element i of array n
is u(i, n), a hash of both between -1 and 1, times a scale. Everything is computed in float64.
"""

import json
import math
import os
import platform

import numpy as np
import torch
import torchvision
from torch import nn

os.chdir(os.path.dirname(os.path.abspath(__file__)))
STEPS = 10


def u(count, index):
    x = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(index * 97531 % 2**32)
    x ^= x >> np.uint32(15)
    x *= np.uint32(2246822519)
    x ^= x >> np.uint32(13)
    return x.astype(np.float64) / 2**31 - 1


def fill(model):
    """Every array of the state, in its order, but the counters of batches."""
    names = [name for name in model.state_dict() if not name.endswith("num_batches_tracked")]
    with torch.no_grad():
        for index, name in enumerate(names):
            array = model.state_dict()[name]
            values = u(array.numel(), index)
            if array.dim() > 1:
                values *= math.sqrt(6 / (array.numel() / array.shape[0]))
            elif name.endswith("running_var") or (name.endswith("weight") and array.dim() == 1):
                values = 1 + values / 4
            else:
                values /= 8
            array.copy_(torch.from_numpy(values).reshape(array.shape))


def resnet(stem):
    model = torchvision.models.resnet18(num_classes=10)
    if stem == "small":
        model.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        model.maxpool = nn.Identity()
    return model


def vgg():
    model = torchvision.models.vgg11(num_classes=10)
    model.classifier = nn.Sequential(
        nn.Linear(512 * 7 * 7, 24), nn.ReLU(), nn.Dropout(), nn.Linear(24, 16), nn.ReLU(), nn.Dropout(),
        nn.Linear(16, 10))
    return model


def examples(count, size):
    pictures = torch.from_numpy(u(count * 3 * size * size, 1000) * 1.7).reshape(count, 3, size, size)
    return pictures, torch.arange(count) * 7 % 10


def case(name, model, size, count):
    model = model.double().eval()
    fill(model)
    pictures, labels = examples(count, size)
    result = dict(
        name=name, size=size, examples=count,
        state=[[key, list(value.shape)] for key, value in model.state_dict().items()],
        logits=model(pictures).flatten().tolist())
    if name == "resnet18-small":
        result["training"] = train(model, pictures, labels)
    return result


def train(model, pictures, labels):
    """Losses before each step and after the last, and norms and sums of everything at the end."""
    model.train()
    update = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
    losses = []
    for step in range(STEPS):
        loss = nn.functional.cross_entropy(model(pictures), labels)
        update.zero_grad()
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            norms = [p.grad.norm().item() for p in model.parameters()]
        update.step()
    model.eval()
    arrays = {k: v for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    return dict(
        losses=losses, gradientNorms=norms, finalNorms={k: v.norm().item() for k, v in arrays.items()},
        finalSums={k: v.sum().item() for k, v in arrays.items()},
        logits=model(pictures).flatten().tolist())


cases = [
    case("resnet18", resnet("imageNet"), 32, 3),
    case("resnet18-small", resnet("small"), 16, 6),
    case("vgg11", vgg(), 32, 3),
]
versions = dict(python=platform.python_version(), torch=torch.__version__, torchvision=torchvision.__version__)
with open("networks.json", "w") as file:
    json.dump(dict(versions=versions, cases=cases), file, indent=1)
    file.write("\n")
