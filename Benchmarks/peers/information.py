"""KSG-1 with k-d trees of scikit-learn and scipy, as NPEET, mutinfo and many scripts write it: correlated normals, k = 3;
log-point: twelve estimates with 4-d codes, k = 20, on 10,000 and on 1,000 samples, as the original program makes them.
"""
import common

options = common.arguments(
    peers=["scikit-learn", "scipy"], works=["ksg-10k-4", "ksg-50k-4", "ksg-50k-10", "log-point"])
common.setup_threads(options.threads, pin=True)
import numpy as np
from scipy.special import digamma

if options.peer == "scikit-learn":
    from sklearn.neighbors import KDTree

    def tree(values):
        return KDTree(values, metric="chebyshev")

    def farthest(searcher, values, k):
        return searcher.query(values, k=k + 1)[0][:, -1]

    def within(searcher, values, radii):
        return searcher.query_radius(values, radii, count_only=True)
else:
    from scipy.spatial import cKDTree

    def tree(values):
        return cKDTree(values)

    def farthest(searcher, values, k):
        return searcher.query(values, k=[k + 1], p=np.inf, workers=options.threads)[0][:, 0]

    def within(searcher, values, radii):
        return searcher.query_ball_point(
            values, radii, p=np.inf, return_length=True, workers=options.threads)


def information(x, y, k):
    radii = np.nextafter(farthest(tree(np.hstack([x, y])), np.hstack([x, y]), k), 0)
    # The sample itself is counted, which is the + 1 of the formula.
    counts = [within(tree(v), v, radii) for v in (x, y)]
    return digamma(k) + digamma(len(x)) - np.mean(sum(digamma(c) for c in counts))


rng = np.random.default_rng(0)


def pair(n, d):
    x, noise = rng.standard_normal((n, d)), rng.standard_normal((n, d))
    return x, 0.6 * x + 0.8 * noise


if options.work == "log-point":
    subsets = []
    for n in (10_000, 1_000):
        (x, first), (second, third) = pair(n, 4), pair(n, 4)
        y = np.clip(np.floor(5 + 2.5 * x[:, :1]), 0, 9)
        subsets.append((x, y, (first, second, third)))

    def step():
        for x, y, layers in subsets:
            for layer in layers:
                information(x, layer, 20), information(layer, y, 20)
else:
    sizes = {"ksg-10k-4": (10_000, 4), "ksg-50k-4": (50_000, 4), "ksg-50k-10": (50_000, 10)}
    x, y = pair(*sizes[options.work])

    def step():
        information(x, y, 3)


common.serve(step, warm_up=0 if options.work.startswith("ksg-50k") else 1)
