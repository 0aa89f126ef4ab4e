"""The tangent kernel of an MLP 784-200-200-10 (ReLU) on 1,000 pictures, float32: the class trace, or the full 10,000 x 10,000.

numpy, torch: factorised by hand, as a careful user writes it. torch-jacobians: per-example Jacobians by torch.func and
their products, the usual recipe, on 200 pictures only (PICTURES), as 1,000 take 14 GB; its time grows with the square.
"""
import common

PICTURES = 200
options = common.arguments(peers=["numpy", "torch", "torch-jacobians"], works=["trace", "full"])
common.setup_threads(options.threads, pin=False)
import numpy as np

full = options.work == "full"
rng = np.random.default_rng(0)
n, outputs = (PICTURES if options.peer == "torch-jacobians" else 1000), 10
x = rng.random((n, 784), dtype=np.float32)
x[rng.random((n, 784)) < 0.81] = 0
weights, biases = [], []
for inputs, units in ((784, 200), (200, 200), (200, 10)):
    weights.append((rng.standard_normal((units, inputs)) / np.sqrt(inputs)).astype(np.float32))
    biases.append(np.zeros(units, np.float32))


def by_structure(x, w, b):
    h1 = x @ w[0].T + b[0]
    m1 = h1 > 0
    h1 = h1 * m1
    h2 = h1 @ w[1].T + b[1]
    m2 = h2 > 0
    h2 = h2 * m2
    d2 = w[2][None] * m2[:, None, :]
    d1 = (d2.reshape(n * outputs, -1) @ w[1]).reshape(n, outputs, -1) * m1[:, None, :]
    g0, g1, g2 = x @ x.T + 1, h1 @ h1.T + 1, h2 @ h2.T + 1
    if not full:
        d2, d1 = d2.reshape(n, -1), d1.reshape(n, -1)
        return (outputs * g2 + g1 * (d2 @ d2.T) + g0 * (d1 @ d1.T)) / outputs
    d2, d1 = d2.reshape(n * outputs, -1), d1.reshape(n * outputs, -1)
    shape = (n, outputs, n, outputs)
    kernel = (d2 @ d2.T).reshape(shape) * g1[:, None, :, None]
    kernel += (d1 @ d1.T).reshape(shape) * g0[:, None, :, None]
    for c in range(outputs):
        kernel[:, c, :, c] += g2
    return kernel


if options.peer == "numpy":
    common.serve(lambda: by_structure(x, weights, biases), warm_up=1)
else:
    import torch

    torch.set_num_threads(options.threads)
    x = torch.from_numpy(x)
    weights, biases = [torch.from_numpy(w) for w in weights], [torch.from_numpy(b) for b in biases]
    if options.peer == "torch":
        common.serve(lambda: by_structure(x, weights, biases), warm_up=1)
    else:
        from torch.func import jacrev, vmap
        from torch.nn.functional import linear, relu

        def f(p, x):
            return linear(relu(linear(relu(linear(x, p[0], p[1])), p[2], p[3])), p[4], p[5])

        parameters = tuple(q for pair in zip(weights, biases) for q in pair)

        def kernel():
            jacobians = [j.flatten(2) for j in vmap(jacrev(f), (None, 0))(parameters, x)]
            pattern = "Naf,Mbf->NMab" if full else "Naf,Maf->NM"
            return sum(torch.einsum(pattern, j, j) for j in jacobians)

        common.serve(kernel, warm_up=1)
