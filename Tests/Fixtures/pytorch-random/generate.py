"""Golden values of PyTorch's CPU generator: python3 generate.py > expected.json

Made with PyTorch 2.15 on a processor with AVX2 and FMA. Long arrays are kept as SHA-256 of their bytes.
"""
import hashlib, json, math
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader


def digest(*tensors):
    hasher = hashlib.sha256()
    for tensor in tensors:
        hasher.update(tensor.detach().numpy().tobytes())
    return hasher.hexdigest()


generators = []
for seed in [0, 1, 42, 2**31, 2**32 + 5, 2**63 - 1]:
    torch.manual_seed(seed)
    case = {"seed": str(seed)}
    case["integers"] = [
        [str(low), str(high), [str(v) for v in torch.randint(low, high, (3,)).tolist()]]
        for low, high in [(0, 10), (-5, 6), (0, 2**28 - 1), (0, 2**28), (-(2**40), 2**40)]
    ]
    case["loaderSeed"] = str(torch.empty((), dtype=torch.int64).random_().item())
    case["permutation"] = torch.randperm(20).tolist()
    case["uniform"] = torch.rand(3).tolist()
    case["uniformDouble"] = torch.rand(3, dtype=torch.float64).tolist()
    case["uniformRange"] = torch.empty(3).uniform_(-0.7, 0.3).tolist()
    # Odd counts: one normal number waits in the generator, through the blocks, until it is used.
    case["fewNormal"] = torch.randn(3).tolist()
    case["sixteenNormal"] = torch.randn(16).tolist()
    case["fewNormalAgain"] = torch.empty(4, dtype=torch.float64).normal_(1.5, 0.3).tolist()
    case["someNormal"] = torch.empty(37).normal_(-0.2, 3).tolist()
    case["someNormalDouble"] = torch.empty(21, dtype=torch.float64).normal_(-0.2, 3).tolist()
    case["manyNormal"] = digest(torch.randn(100_003))
    case["manyUniform"] = digest(torch.empty(100_003).uniform_(-1 / 28, 1 / 28))
    case["manyPermuted"] = digest(torch.randperm(60_000))
    case["last"] = torch.rand(1).item()
    generators.append(case)


def linear(dtype):
    torch.set_default_dtype(dtype)
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 200), nn.ReLU(), nn.Linear(200, 10))
    with torch.no_grad():
        for p in model.parameters():
            p.data = 8.0 * p.data
    return list(model.parameters())


def mixed():
    """Convolutions with and without groups, batch norm, embedding, LSTM, linear."""
    torch.set_default_dtype(torch.float32)
    modules = [
        nn.Conv2d(3, 16, 3, bias=False), nn.BatchNorm2d(16), nn.Conv2d(16, 24, 5, groups=4),
        nn.Embedding(50, 11), nn.LSTM(11, 13, num_layers=2), nn.Linear(13, 3)]
    return [p for m in modules for p in m.parameters()]


def remade():
    """As torchvision's residual networks: all modules first, then other weights for the convolutions."""
    torch.set_default_dtype(torch.float32)
    modules = [nn.Conv2d(3, 8, 3, bias=False), nn.Conv2d(8, 8, 3, bias=False), nn.Linear(8, 10)]
    for m in modules[:2]:
        nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
    return [p for m in modules for p in m.parameters()]


def residual():
    """A residual network of two stages, its modules made in torchvision's order: a shortcut before its block."""
    torch.set_default_dtype(torch.float32)
    conv = lambda i, o, k: nn.Conv2d(i, o, k, bias=False)
    stem, stem_norm = conv(3, 8, 3), nn.BatchNorm2d(8)
    first = [conv(8, 8, 3), nn.BatchNorm2d(8), conv(8, 8, 3), nn.BatchNorm2d(8)]
    shortcut = [conv(8, 16, 1), nn.BatchNorm2d(16)]
    second = [conv(8, 16, 3), nn.BatchNorm2d(16), conv(16, 16, 3), nn.BatchNorm2d(16)]
    output = nn.Linear(16, 10)
    modules = [stem, stem_norm] + first + second + shortcut + [output]
    for m in modules:
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
    return [p for m in modules for p in m.parameters()]


def vgg():
    """A small network as torchvision's VGG: convolutions with biases, linear layers of deviation 0.01."""
    torch.set_default_dtype(torch.float32)
    widths = [3, 64, 128, 256, 256, 512, 512, 512, 512]
    modules = [nn.Conv2d(i, o, 3) for i, o in zip(widths, widths[1:])] + [nn.Linear(512, 10)]
    for m in modules:
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
        else:
            nn.init.normal_(m.weight, 0, 0.01)
        nn.init.constant_(m.bias, 0)
    return [p for m in modules for p in m.parameters()]


def transformer(dtype):
    """The parameters of Nanda et al.'s transformer in the order in which its modules make them."""
    torch.set_default_dtype(dtype)
    d, v, c, h, k, m = 128, 114, 3, 4, 32, 512
    shapes = [(d, v), (c, d), (h, k, d), (h, k, d), (h, k, d), (d, h * k), (m, d), (d, m)]
    return [torch.randn(s) / np.sqrt(d) for s in shapes] + [torch.randn(d, v) / np.sqrt(v)]


networks = []
for name, make in [
    ("linear", lambda: linear(torch.float32)),
    ("linear-double", lambda: linear(torch.float64)),
    ("mixed", mixed),
    ("remade", remade),
    ("residual", residual),
    ("vgg", vgg),
    ("transformer", lambda: transformer(torch.float32)),
    ("transformer-double", lambda: transformer(torch.float64)),
]:
    for seed in [0, 7]:
        torch.manual_seed(seed)
        parameters = make()
        following = torch.rand(1, dtype=torch.float32).item()
        networks.append({
            "network": name, "seed": seed, "digest": digest(*parameters), "following": following,
            "digests": [digest(p) for p in parameters]})
torch.set_default_dtype(torch.float32)

loaders = []
for count, size, drops in [(10, 4, False), (10, 4, True), (9, 3, False), (5, 8, False)]:
    torch.manual_seed(count)
    torch.rand(7)
    loader = DataLoader(list(range(count)), batch_size=size, shuffle=True, drop_last=drops)
    loaders.append({
        "count": count, "batchSize": size, "dropsLast": drops,
        "epochs": [[b.tolist() for b in loader] for _ in range(3)]})

json.dump({"version": torch.__version__, "generators": generators, "networks": networks,
           "loaders": loaders}, fp=__import__("sys").stdout, indent=1)
