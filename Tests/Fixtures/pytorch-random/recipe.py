"""The losses of grokking on MNIST as an original program has them: python3 recipe.py MNIST_FOLDER float32 1000

Liu, Michaud & Tegmark (2022): 784-200-200-10, ReLU, PyTorch's own initialization times 8, MSE on one-hot labels,
AdamW with decay 0.01, batches of 200 of the first 1,000 digits in the order of a shuffling DataLoader; with
torch.manual_seed(0) before all. Prints the loss of all 1,000 digits before each step and after the last.
"""
import gzip, json, sys
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

folder, dtype, steps = sys.argv[1], getattr(torch, sys.argv[2]), int(sys.argv[3])


def read(name, header):
    with gzip.open(f"{folder}/{name}.gz") as file:
        return np.frombuffer(file.read(), dtype=np.uint8)[header:]


torch.set_num_threads(1)
torch.set_default_dtype(dtype)
torch.manual_seed(0)
pixels = read("train-images-idx3-ubyte", 16)[: 784_000].reshape(1000, 784)
# As ToTensor: single precision, divided by 255; then the precision of the training.
pictures = torch.from_numpy(pixels.astype(np.float32)).div(255).to(dtype)
labels = torch.from_numpy(read("train-labels-idx1-ubyte", 8)[:1000].astype(np.int64))
loader = DataLoader(TensorDataset(pictures, labels), batch_size=200, shuffle=True)
model = nn.Sequential(
    nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 200), nn.ReLU(), nn.Linear(200, 10))
with torch.no_grad():
    for p in model.parameters():
        p.data = 8.0 * p.data
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
targets = torch.eye(10)


def loss(x, y):
    return nn.functional.mse_loss(model(x), targets[y])


def batches():
    while True:
        yield from loader


losses = []
for _, (x, y) in zip(range(steps), batches()):
    with torch.no_grad():
        losses.append(loss(pictures, labels).item())
    optimizer.zero_grad()
    loss(x, y).backward()
    optimizer.step()
with torch.no_grad():
    losses.append(loss(pictures, labels).item())
json.dump({"version": torch.__version__, "precision": sys.argv[2], "losses": losses}, sys.stdout)
