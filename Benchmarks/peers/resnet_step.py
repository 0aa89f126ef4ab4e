"""ResNet-18, batch 128 of 3 x 32 x 32, SGD with momentum 0.9 and weight decay 5e-4, the norm of every parameter's
gradient at every step. resnet: a 3 x 3 stem without pooling; resnet-imagenet: torchvision's network as it is."""
import common

options = common.arguments(
    peers=("torch", "torch-channels-last"), works=("resnet", "resnet-imagenet"))
common.setup_threads(options.threads, pin=False)
import numpy as np
import torch
import torchvision
from torch import nn

torch.set_num_threads(options.threads)
rng = np.random.default_rng(0)
x = torch.from_numpy(rng.standard_normal((128, 3, 32, 32)).astype(np.float32))
y = torch.from_numpy(rng.integers(0, 10, 128))
model = torchvision.models.resnet18(num_classes=10)
if options.work == "resnet":
    model.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
    model.maxpool = nn.Identity()
if options.peer == "torch-channels-last":
    model = model.to(memory_format=torch.channels_last)
    x = x.to(memory_format=torch.channels_last)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)


def step():
    optimizer.zero_grad(set_to_none=True)
    nn.functional.cross_entropy(model(x), y).backward()
    step.norms = [p.grad.norm().item() for p in model.parameters()]
    optimizer.step()


common.serve(step, warm_up=1)
