"""Linear CKA of two [10000, 200] arrays and the singular values of one [1000, 5000], float32, as people write them."""
import common

options = common.arguments(peers=["numpy", "scipy", "torch"], works=["cka", "singular-values"])
common.setup_threads(options.threads, pin=False)
import numpy as np

rng = np.random.default_rng(0)
x, y = (rng.standard_normal((10_000, 200)).astype(np.float32) for _ in range(2))
a = rng.standard_normal((1000, 5000)).astype(np.float32)
if options.peer == "torch":
    import torch

    torch.set_num_threads(options.threads)
    x, y, a = map(torch.from_numpy, (x, y, a))
    norm, values = torch.linalg.norm, torch.linalg.svdvals
elif options.peer == "scipy":
    import scipy.linalg

    norm, values = np.linalg.norm, lambda m: scipy.linalg.svdvals(m, check_finite=False)
else:
    norm, values = np.linalg.norm, lambda m: np.linalg.svd(m, compute_uv=False)


def cka():
    xc, yc = x - x.mean(0), y - y.mean(0)
    return float(norm(yc.T @ xc) ** 2 / (norm(xc.T @ xc) * norm(yc.T @ yc)))


common.serve(cka if options.work == "cka" else lambda: values(a), warm_up=1)
